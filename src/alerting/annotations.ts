import type { FindingAlertName } from '../model/alert-name.ts';
import type { Target } from '../model/finding.ts';
import type { Resource } from '../model/pool.ts';
import { atTheEnd } from '../rules/stages.ts';

/** What differs from alert to alert: the values in a notification, Prometheus' templates for them in a rule. */
export interface AlertWords {
  /** `Pool NAME on INSTANCE`, or `Host INSTANCE`. */
  readonly subject: string;
  readonly instance: string;
  /** `data`, `metadata`, or both. */
  readonly resource: string;
  readonly collector: string;
  readonly code: string;
  /** `in 46 s`, or `within minutes`. */
  readonly time: string;
  /** The words for the limit that the alert is about. */
  readonly byTarget: (full: string, minimumFree: string) => string;
}

export const anyResource = 'data or metadata';

type Summary = (words: AlertWords) => string;

/** The summary of each alert on findings. */
export const findingSummaries: Readonly<Record<FindingAlertName, Summary>> = {
  ThinPoolFailed: ({ subject }) => `${subject} cannot be read or written; all I/O on its volumes fails`,
  ThinPoolInactive: ({ subject }) => `${subject} exists but is not active; its volumes cannot be used`,
  ThinPoolNeedsCheck: ({ subject }) =>
    `${subject} needs an offline metadata check; until then it cannot be extended or made writable`,
  ThinPoolReadOnly: ({ subject }) => `${subject} has gone read-only; writes that need a new block fail`,
  ThinPoolFull: ({ subject, resource }) =>
    `${subject} is out of ${resource} space; writes that need a new block hang or fail`,
  ThinPoolSuspended: ({ subject }) =>
    `${subject}: the pool or one of its volumes is suspended, and its I/O hangs`,
  ThinPoolVolumeFailed: ({ subject }) =>
    `${subject}: a thin volume has failed, although the pool itself has not`,
  ThinPoolFileSystemErrors: ({ subject }) =>
    `${subject}: file systems on its volumes report errors; data may be lost`,
  ThinPoolTasksHang: ({ subject }) =>
    `${subject}: tasks hang in thin pool, file system or block I/O and cannot be killed`,
  ThinPoolKernelErrors: ({ subject }) =>
    `${subject}: the kernel reports damaged metadata, storage errors, or a refused operation`,
  ThinPoolStalled: ({ subject }) =>
    `${subject}: the status query hangs in the kernel; the storage under the pool is stalled`,
  ThinPoolBelowMinimumFree: ({ subject, resource }) =>
    `${subject}: free ${resource} is below Docker's minimum; new images and containers fail`,
  ThinPoolLvmRefusesVolumes: ({ subject, resource }) =>
    `${subject}: LVM creates no new thin volumes and snapshots; too little ${resource} is free`,
  ThinPoolRunsOutInMinutes: ({ subject, resource, time, byTarget }) =>
    `${subject} ${byTarget('runs out of', 'is below its minimum of')} ${resource} space ${time}`,
  ThinPoolNearlyFull: ({ subject, resource, byTarget }) =>
    `${subject} is nearly ${byTarget('out of', 'at its minimum of')} ${resource} space`,
  ThinPoolAutoextendNoRoom: ({ subject }) =>
    `${subject} cannot be extended; LVM can allocate too little space in its VG, or cannot change the VG`,
  ThinPoolAutoextendIdle: ({ subject }) =>
    `${subject} is not being extended, although it is due, or autoextend is configured`,
  ThinPoolHostFileSystemLow: ({ subject }) =>
    `${subject}: the file system under its loop files has less free space than the pool reports`,
  ThinPoolMetadataTooSmall: ({ subject }) => `${subject}: metadata will run out before data does`,
  ThinPoolInconsistent: ({ subject }) =>
    `${subject} does not match its configuration: a resize was refused, or its transaction ID differs`,
  ThinPoolRisk: ({ subject, code }) =>
    `${subject}: ${code} would make a shortage worse; nothing is broken yet`,
  ThinPoolBlind: ({ subject }) => `${subject}: the state of the pool is unknown or out of date`,
  ThinPoolNotReportedByLvm: ({ subject }) =>
    `${subject}: LVM does not report the pool that it created; monitoring and free space in its VG are unknown`,
  ThinPoolVanished: ({ subject }) => `${subject} has disappeared`,
  ThinPoolCollectorFailing: ({ instance, collector }) =>
    `Exporter on ${instance}: collector ${collector} is failing or hung; its data is missing`,
};

interface ForecastWords extends Pick<AlertWords, 'subject'> {
  /** How much is left. */
  readonly left: string;
  /** `46 s` */
  readonly time: string;
}

/** Both texts of an alert about space that runs out. */
export function describeForecast(
  resource: Resource,
  target: Target,
  { subject, left, time }: ForecastWords,
): { readonly summary: string; readonly description: string } {
  const isFloor = target === 'minimum_free';
  return {
    summary: isFloor
      ? `${subject}: free ${resource} falls below Docker's minimum in ${time}`
      : `${subject} runs out of ${resource} space in ${time}`,
    description: `${left} of ${resource} left${isFloor ? " above Docker's minimum" : ''}, used up in ${time} at the current growth rate. Then ${atTheEnd[target][resource]}.`,
  };
}

/** `in 46 s`, `in 2m 27s`, as the templates of the rules write the time of a forecast. */
export function describeTime(seconds: number | undefined): string {
  if (seconds === undefined) return 'within minutes';
  if (seconds < 1) return 'in less than 1 s';
  if (seconds < 60) return `in ${seconds.toFixed(0)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `in ${minutes}m ${Math.floor(seconds % 60)}s`
    : `in ${Math.floor(minutes / 60)}h ${minutes % 60}m ${Math.floor(seconds % 60)}s`;
}
