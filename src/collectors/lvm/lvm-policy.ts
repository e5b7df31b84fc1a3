import type { Host } from '../../model/host.ts';
import { secondMs } from '../../model/units.ts';
import { defineSource, type Question } from '../collector.ts';
import { lvm2 } from './needs.ts';
import { parseFullPolicy, parseMergedPolicy, policySettings } from './policy.ts';

/** Reads configuration files only, no device: safe while pools are sick. */
export const lvmPolicy = defineSource({
  name: 'lvmpolicy',
  help: 'Autoextend threshold and step of LVM thin pools, for every metadata profile in use.',
  needs: { tool: 'lvm', ...lvm2 },
  defaults: { intervalMs: 300 * secondMs, timeoutMs: 10 * secondMs },
  questions: (known) => [undefined, ...profilesInUse(known)].map(policyQuestion),
  names: ({ extendPolicies = [] }) => extendPolicies.map(({ profile }) => profile),
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

function policyQuestion(profile: string | undefined): Question {
  const which = profile === undefined ? [] : ['--metadataprofile', profile];
  return {
    key: profile === undefined ? 'default' : profileKey(profile),
    ways: [
      {
        // Through `lvm`: the command lvmconfig is newer (2.02.119) than the program, which then reports it as unknown.
        access: { command: ['lvm', 'lvmconfig', '--type', 'full', ...which, ...policySettings] },
        parse: (reading) => ({ extendPolicies: [parseFullPolicy(reading, profile)] }),
      },
      {
        name: 'dumpconfig',
        access: { command: ['lvm', 'dumpconfig', '--mergedconfig', ...which, ...policySettings] },
        parse: (reading) => ({ extendPolicies: [parseMergedPolicy(reading, profile)] }),
      },
    ],
  };
}

/** A profile may also be called `default`. */
function profileKey(profile: string): string {
  return /^default(\.profile)*$/.test(profile) ? `${profile}.profile` : profile;
}
