import type { Rights } from '../../io/rights.ts';
import type { Finding } from '../../model/finding.ts';
import type { Snapshot } from '../../model/host.ts';
import { rules } from '../../rules/evaluate.ts';
import type { ToolState } from '../tool-versions.ts';
import { diagnoseSource, type SourceNeed } from './diagnose-source.ts';
import type { Diagnosis, DiagnosisSection } from './diagnosis.ts';

export interface Symptoms extends Pick<Snapshot, 'host' | 'findings'> {
  readonly tools: readonly ToolState[];
  /** Absent for a captured host: nothing is known of the rights there. */
  readonly rights?: Rights;
  /** Absent where no event is to wake a reading. */
  readonly events?: { readonly failure?: string };
  readonly sources: readonly SourceNeed[];
}

/** All that was looked at, by section. */
export function diagnose(symptoms: Symptoms): DiagnosisSection[] {
  const { tools, rights, events, sources, host } = symptoms;
  return [
    { title: 'Tools', diagnoses: tools.map(diagnoseTool) },
    { title: 'Rights', diagnoses: rights === undefined ? [] : diagnoseRights(rights) },
    {
      title: 'Sources',
      diagnoses: host.sources.map((state) => diagnoseSource(state, sources, host.takenAt)),
    },
    { title: 'Events', diagnoses: events === undefined ? [] : [diagnoseEvents(events)] },
    { title: 'Pools', diagnoses: diagnosePools(symptoms) },
  ].filter(({ diagnoses }) => diagnoses.length > 0);
}

function diagnoseTool({ tool, version, failure }: ToolState): Diagnosis {
  const { of: about, isNeeded } = tool;
  if (version !== undefined) return { level: 'ok', about, says: version };
  if (failure === undefined) return { level: 'ok', about, says: 'is here, and tells no version' };
  if (failure.reason === 'not-captured')
    return { level: 'ok', about, says: 'not recorded in this captured host' };
  if (failure.reason !== 'not-installed')
    return { level: 'warn', about, says: failure.detail, remedy: whereToGet(tool) };
  const says = isNeeded ? 'is not installed: no pool can be seen without it' : 'is not here';
  return { level: isNeeded ? 'fail' : 'ok', about, says, remedy: whereToGet(tool) };
}

function whereToGet({ tool, package: name, otherwise }: ToolState['tool']): string {
  const instead = otherwise === undefined ? '' : `; without it, the exporter uses ${otherwise}`;
  return name === undefined
    ? `The exporter needs ${tool}${instead}.`
    : `It comes with package ${name}${instead}.`;
}

function diagnoseRights({ uid, control }: Rights): Diagnosis[] {
  const about = '/dev/mapper/control';
  const user: Diagnosis =
    uid === 0
      ? { level: 'ok', about: 'user', says: 'root' }
      : {
          level: 'warn',
          about: 'user',
          says: `user id ${uid}`,
          remedy: 'Device-mapper answers only to root (CAP_SYS_ADMIN): run as root.',
        };
  const says = { usable: 'can be used', denied: 'may not be used', absent: 'is not there' }[control];
  const remedies = {
    denied: 'Run as root; in a container: privileged.',
    absent: 'Load the kernel module (modprobe dm_thin_pool); in a container: mount /dev of the host.',
  } as const;
  if (control === 'usable') return [user, { level: 'ok', about, says }];
  return [user, { level: 'fail', about, says, remedy: remedies[control] }];
}

function diagnoseEvents({ failure }: { readonly failure?: string }): Diagnosis {
  const about = 'kernel log';
  if (failure === undefined)
    return { level: 'ok', about, says: 'can be read: a pool is read at once when something happens to it' };
  return {
    level: 'warn',
    about,
    says: `${failure}: what happens to a pool is seen when its next reading is due`,
    remedy:
      'Run as root; in a container: privileged, with /dev of the host. If that cannot be: --collector.pools.events=false.',
  };
}

/** They hold from the first day, and can be fixed in office hours. */
const setupCodes = new Set(rules.filter(({ about }) => about === 'setup').map(({ code }) => code));

function diagnosePools({ host, findings }: Symptoms): Diagnosis[] {
  if (!host.discovered) return [];
  if (host.pools.length === 0 && findings.length === 0)
    return [
      {
        level: 'ok',
        about: 'pools',
        says: 'this host has no thin pool',
        remedy: '`npm run demo` shows a simulated host.',
      },
    ];
  const setUp = findings.filter(({ code }) => setupCodes.has(code));
  const state = findings.filter(({ code, source }) => !setupCodes.has(code) && source === undefined);
  const well: Diagnosis = { level: 'ok', about: 'set-up', says: 'nothing to do' };
  return [...(setUp.length === 0 ? [well] : setUp.map(fromFinding)), ...diagnoseState(state)];
}

function fromFinding({ severity, code, summary, advice }: Finding): Diagnosis {
  return { level: severity === 'critical' ? 'fail' : 'warn', about: code, says: summary, remedy: advice };
}

/** How pools are is for `check` to tell; here it is enough that there is something. */
function diagnoseState(findings: readonly Finding[]): Diagnosis[] {
  const [worst] = findings;
  if (worst === undefined) return [];
  return [
    {
      level: worst.severity === 'critical' ? 'fail' : worst.severity === 'warning' ? 'warn' : 'ok',
      about: 'state',
      says: `${findings.length === 1 ? 'one finding' : `${findings.length} findings`} on the state of pools, first: ${worst.summary}`,
      remedy: 'See thinpool-exporter check.',
    },
  ];
}
