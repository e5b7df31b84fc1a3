import type { PartialFacts } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import { secondMs } from '../../model/units.ts';
import { defineCollector, type Output, type Query } from '../collector.ts';
import { lvm2 } from './needs.ts';
import { parseFullPolicy, parseMergedPolicy, policySettings, settingsOf } from './policy.ts';
import { parseRepairTools, readRepairSettings, repairSettings, toolsToFind } from './repair-tools.ts';
import { scramblePolicy, vocabulary } from './scrambling.ts';

/** Reads configuration files only, no device: safe while pools are sick. */
export const lvmPolicy = defineCollector({
  name: 'lvmpolicy',
  help: 'Autoextend threshold and step of LVM thin pools, for every metadata profile in use; whether thin_check and thin_repair are installed.',
  needs: { tool: 'lvm', ...lvm2 },
  defaults: { intervalMs: 300 * secondMs, timeoutMs: 10 * secondMs },
  queries: (host) => [...[undefined, ...profilesInUse(host)].map(policyQuery), ...toolsQuery(host)],
  scrambling: { vocabulary, scramble: scramblePolicy },
});

function profilesInUse({ logicalVolumes }: Host): readonly string[] {
  const pools = logicalVolumes.filter(({ role }) => role === 'pool');
  const profiles = pools.map(({ profile }) => profile).filter((profile) => profile !== undefined);
  return [...new Set(profiles)].filter(isFileName).sort();
}

/** A profile is `<name>.profile` in one directory: names that could be an option or a path are not passed on. */
function isFileName(profile: string): boolean {
  return /^(?!-)[^/\p{Cc}]{1,240}$/u.test(profile);
}

function policyQuery(profile: string | undefined): Query {
  const settings = profile === undefined ? [...policySettings, ...repairSettings] : policySettings;
  const which = profile === undefined ? [] : ['--metadataprofile', profile];
  return {
    key: profile === undefined ? 'default' : profileKey(profile),
    // A setting and no measurement: it holds until it is read again.
    neverExpires: true,
    variants: [
      {
        // Through `lvm`: the command lvmconfig is newer (2.02.119) than the program, which then reports it as unknown.
        input: { command: ['lvm', 'lvmconfig', '--type', 'full', ...which, ...settings] },
        parse: (output) => ({
          extendPolicies: [parseFullPolicy(output, profile)],
          ...(profile === undefined && readRepair(output)),
        }),
      },
      {
        name: 'dumpconfig',
        input: { command: ['lvm', 'dumpconfig', '--mergedconfig', ...which, ...policySettings] },
        parse: (output) => ({ extendPolicies: [parseMergedPolicy(output, profile)] }),
      },
    ],
  };
}

/** Of lvm.conf alone: a profile has no such settings. */
function readRepair(output: Output): PartialFacts {
  const settings = readRepairSettings(settingsOf(output.stdout));
  return settings === undefined ? {} : { repairSettings: [settings] };
}

/** Whether what LVM would run exists. In a child, because a stat of a path on a full pool may hang. */
function toolsQuery({ repairSettings: [settings] }: Host): Query[] {
  const paths = toolsToFind(settings);
  if (paths.length === 0) return [];
  return [
    {
      // No profile has a slash in its name.
      key: 'repair/tools',
      neverExpires: true,
      variants: [
        {
          input: { command: ['stat', '-L', '-c', '%n', '--', ...paths] },
          parse: (output) => ({ repairTools: parseRepairTools(output, paths) }),
        },
      ],
    },
  ];
}

/** A profile may also be called `default`. */
function profileKey(profile: string): string {
  return /^default(\.profile)*$/.test(profile) ? `${profile}.profile` : profile;
}
