import { describeExcluded } from '../../format/describe-excluded.ts';
import type { Rights } from '../../io/rights.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import type { Snapshot } from '../../model/host.ts';
import type { MinimumFreeOption } from '../../model/pool.ts';
import type { NotifyDescription } from '../../notify/send/create.ts';
import { rules } from '../../rules/evaluate.ts';
import { describeOverride } from '../../rules/finding-options.ts';
import type { Limits } from '../../rules/limits.ts';
import { unmatchedMinimumFrees } from '../../thinpool/unmatched-minimum-frees.ts';
import type { ToolState } from '../tool-versions.ts';
import { type CollectorNeed, diagnoseCollector } from './diagnose-collector.ts';
import { diagnoseLimits } from './diagnose-limits.ts';
import type { Diagnosis, DiagnosisSection, Level } from './diagnosis.ts';

export interface Symptoms extends Pick<Snapshot, 'host' | 'findings'> {
  readonly tools: readonly ToolState[];
  /** Absent for a captured host, whose permissions are unknown. */
  readonly rights?: Rights;
  /** Absent if polling on kernel events is disabled. */
  readonly events?: { readonly failure?: string };
  readonly collectors: readonly CollectorNeed[];
  readonly limits?: Limits;
  readonly minimumFree?: readonly MinimumFreeOption[];
  readonly notify?: NotifyDescription;
  /** Sentences about entries of the option `findings` that have ended, or match no pool. */
  readonly findingOptions?: readonly string[];
}

/** All diagnoses, by section. */
export function diagnose(symptoms: Symptoms): DiagnosisSection[] {
  const { tools, rights, events, collectors, host, limits } = symptoms;
  return [
    { title: 'Tools', diagnoses: tools.map((tool) => diagnoseTool(tool, rights?.control)) },
    { title: 'Permissions', diagnoses: rights === undefined ? [] : diagnoseRights(rights) },
    {
      title: 'Collectors',
      diagnoses: host.collectors.map((state) => diagnoseCollector(state, collectors, host)),
    },
    { title: 'Events', diagnoses: events === undefined ? [] : [diagnoseEvents(events)] },
    { title: 'Pools', diagnoses: diagnosePools(symptoms) },
    {
      title: 'Limits',
      diagnoses: limits === undefined ? [] : [...diagnoseLimits(limits, host), ...diagnoseOptions(symptoms)],
    },
    { title: 'Notifications', diagnoses: diagnoseNotify(symptoms) },
    {
      title: 'Options',
      diagnoses: (symptoms.findingOptions ?? []).map(
        (message): Diagnosis => ({ level: 'warn', about: 'findings', message }),
      ),
    },
  ].filter(({ diagnoses }) => diagnoses.length > 0);
}

function diagnoseTool(
  { tool, version, failure }: ToolState,
  control: Rights['control'] | undefined,
): Diagnosis {
  const { of: about, isNeeded } = tool;
  if (version !== undefined) return { level: 'ok', about, message: version };
  if (failure === undefined) return { level: 'ok', about, message: 'installed, version unknown' };
  if (failure.reason === 'not-captured') return { level: 'skip', about, message: 'not captured' };
  if (failure.reason !== 'not-installed')
    return { level: 'warn', about, message: failure.detail, remedy: whereToGet(tool) };
  // Where the kernel has device-mapper, there may be pools.
  const isMissed = isNeeded && (control === 'usable' || control === 'denied');
  const message = isMissed ? 'not installed; no pool can be read without it' : 'not installed';
  return { level: isMissed ? 'fail' : 'skip', about, message, remedy: whereToGet(tool) };
}

function whereToGet({ tool, package: name, otherwise }: ToolState['tool']): string {
  const instead = otherwise === undefined ? '' : `; without it, the exporter uses ${otherwise}`;
  return name === undefined
    ? `The exporter needs ${tool}${instead}.`
    : `Provided by package ${name}${instead}.`;
}

function diagnoseRights({ uid, control }: Rights): Diagnosis[] {
  const about = '/dev/mapper/control';
  const user: Diagnosis =
    uid === 0
      ? { level: 'ok', about: 'user', message: 'root' }
      : {
          level: 'warn',
          about: 'user',
          message: `user id ${uid}`,
          remedy: 'Device-mapper requires root (CAP_SYS_ADMIN): run as root.',
        };
  const message = { usable: 'accessible', denied: 'permission denied', absent: 'does not exist' }[control];
  const remedies = {
    denied: 'Run as root; in a container: privileged.',
    absent:
      'If this host should have thin pools: load the kernel module (modprobe dm_thin_pool); in a container: mount /dev of the host.',
  } as const;
  if (control === 'usable') return [user, { level: 'ok', about, message }];
  return [user, { level: control === 'absent' ? 'skip' : 'fail', about, message, remedy: remedies[control] }];
}

function diagnoseEvents({ failure }: { readonly failure?: string }): Diagnosis {
  const about = 'kernel log';
  if (failure === undefined)
    return { level: 'ok', about, message: 'readable; pools are polled immediately on kernel events' };
  return {
    level: 'warn',
    about,
    message: `${failure}; pools are polled at the configured interval only`,
    remedy:
      'Run as root; in a container: privileged, with /dev of the host. If that is not possible, set --collector.pools.events=false.',
  };
}

function diagnoseOptions({ host, minimumFree = [] }: Symptoms): Diagnosis[] {
  return unmatchedMinimumFrees(minimumFree, host).map((message) => ({
    level: 'warn',
    about: 'options',
    message,
  }));
}

/** Nothing is sent: only `thinpool-exporter notify` does that. */
function diagnoseNotify({ notify }: Symptoms): Diagnosis[] {
  const { receivers = [], hasHeartbeat = false, problems = [] } = notify ?? {};
  return [
    ...receivers.map(
      ({ name: about, text: message }): Diagnosis => ({
        level: 'info',
        about,
        message,
        remedy: `\`thinpool-exporter notify ${about}\` sends a test, with the same --notify.config.file.`,
      }),
    ),
    ...(hasHeartbeat
      ? [{ level: 'info', about: 'heartbeat', message: 'requests the URL of its file' } as const]
      : []),
    ...problems.map(
      (message): Diagnosis => ({
        level: 'fail',
        about: 'notifications',
        message,
        remedy: 'Correct it: the exporter does not start with it.',
      }),
    ),
  ];
}

/** Findings about the configuration of a pool, not its state: they are not urgent. */
const setupCodes = new Set(rules.filter(({ about }) => about === 'setup').map(({ code }) => code));

function diagnosePools({ host, findings }: Symptoms): Diagnosis[] {
  if (!host.discovered) return [];
  const message = describeExcluded(host.excludedPools);
  const excluded: Diagnosis[] = message === undefined ? [] : [{ level: 'ok', about: 'pools', message }];
  if (excluded.length === 0 && host.pools.length === 0 && findings.length === 0)
    return [
      {
        level: 'skip',
        about: 'pools',
        message: 'no thin pools on this host',
        remedy: '`thinpool-exporter demo` shows a simulated host.',
      },
    ];
  const setUp = findings.filter(({ code }) => setupCodes.has(code));
  const state = findings.filter(({ code, collector }) => !setupCodes.has(code) && collector === undefined);
  const healthy: Diagnosis = { level: 'ok', about: 'configuration', message: 'no problems' };
  return [...excluded, ...(setUp.length === 0 ? [healthy] : setUp.map(fromFinding)), ...diagnoseState(state)];
}

const levelOf: Readonly<Record<Severity, Level>> = { critical: 'fail', warning: 'warn', info: 'info' };

function fromFinding(finding: Finding): Diagnosis {
  const { severity, code, summary, advice } = finding;
  const override = describeOverride(finding);
  const message = override === undefined ? summary : `${summary} (${override})`;
  return { level: levelOf[severity], about: code, message, remedy: advice };
}

/** One line: `check` reports the state of pools in full. */
function diagnoseState(findings: readonly Finding[]): Diagnosis[] {
  const [worst] = findings;
  if (worst === undefined) return [];
  return [
    {
      level: levelOf[worst.severity],
      about: 'state',
      message: `${findings.length === 1 ? '1 finding' : `${findings.length} findings`} about the state of pools; worst: ${worst.summary}`,
      remedy: 'Run `thinpool-exporter check`.',
    },
  ];
}
