import type { AlertName, FindingAlertName } from '../model/alert-name.ts';
import { hourSeconds } from '../model/units.ts';
import type { AlertWords } from './annotations.ts';

/** An alert, as the rules and the runbooks show it. */
export interface AlertRow {
  /** In one line. */
  readonly meaning: string;
}

export interface FindingAlertRow extends AlertRow {
  readonly summary: (words: AlertWords) => string;
  /** A list of separate problems: one alert for each finding code, where others combine all codes in one alert. */
  readonly keepsCode?: true;
  /** Seconds before it resolves, where it is not as for others of its severity. */
  readonly keepFiringFor?: number;
}

type AlertRows = Record<FindingAlertName, FindingAlertRow> &
  Record<Exclude<AlertName, FindingAlertName>, AlertRow>;

/** Every alert there is, worst first. */
export const alerts: Readonly<AlertRows> = {
  // Already broken
  ThinPoolFailed: {
    meaning: 'The pool cannot be read or written: all I/O on its volumes fails.',
    summary: ({ subject }) => `${subject} cannot be read or written; all I/O on its volumes fails`,
  },
  ThinPoolInactive: {
    meaning: 'The pool exists but is not active: its volumes cannot be used.',
    summary: ({ subject }) => `${subject} exists but is not active; its volumes cannot be used`,
  },
  ThinPoolNeedsCheck: {
    meaning:
      'A metadata operation failed: until an offline check, the pool cannot be extended or made writable.',
    summary: ({ subject }) =>
      `${subject} needs an offline metadata check; until then it cannot be extended or made writable`,
  },
  ThinPoolReadOnly: {
    meaning: 'The pool has gone read-only: writes that need a new block fail.',
    summary: ({ subject }) => `${subject} has gone read-only; writes that need a new block fail`,
  },
  ThinPoolFull: {
    meaning: 'No data block or no metadata block is free: writes that need one hang or fail.',
    summary: ({ subject, resource }) =>
      `${subject} is out of ${resource} space; writes that need a new block hang or fail`,
  },
  ThinPoolSuspended: {
    meaning: 'The pool or one of its volumes is suspended: its I/O hangs.',
    summary: ({ subject }) => `${subject}: the pool or one of its volumes is suspended, and its I/O hangs`,
  },
  ThinPoolVolumeFailed: {
    meaning: 'The kernel reports Fail or Error for a thin volume, although its pool has not failed.',
    summary: ({ subject }) => `${subject}: a thin volume has failed, although the pool itself has not`,
  },
  ThinPoolGuestsPaused: {
    meaning: 'QEMU has paused virtual machines after an I/O error of their disks on the pool.',
    summary: ({ subject }) =>
      `${subject}: virtual machines are paused after an I/O error; they wait to be resumed`,
  },
  ThinPoolFileSystemErrors: {
    meaning: 'File systems on volumes of the pool report errors: data may be lost.',
    summary: ({ subject }) => `${subject}: file systems on its volumes report errors; data may be lost`,
  },
  ThinPoolTasksHang: {
    meaning: 'Tasks hang in thin pool, file system or block I/O and cannot be killed.',
    summary: ({ subject }) =>
      `${subject}: tasks hang in thin pool, file system or block I/O and cannot be killed`,
  },
  ThinPoolKernelErrors: {
    meaning:
      'The kernel reports damaged metadata, errors of a device under the pool, or a refused operation.',
    summary: ({ subject }) =>
      `${subject}: the kernel reports damaged metadata, storage errors, or a refused operation`,
  },
  ThinPoolStalled: {
    meaning: 'A query for the status of the pool hangs in the kernel: the storage under the pool is stalled.',
    summary: ({ subject }) =>
      `${subject}: the status query hangs in the kernel; the storage under the pool is stalled`,
  },
  // Below the minimum free space
  ThinPoolBelowMinimumFree: {
    meaning:
      'Free space is below the minimum free space of the pool. Docker then creates no new images and containers.',
    summary: ({ subject, resource }) =>
      `${subject}: free ${resource} is below its minimum; Docker, if it uses the pool, creates no new images and containers`,
    keepFiringFor: 2 * hourSeconds,
  },
  ThinPoolLvmRefusesVolumes: {
    meaning: 'LVM refuses new thin volumes and snapshots in the pool.',
    summary: ({ subject, resource }) =>
      `${subject}: LVM creates no new thin volumes and snapshots; too little ${resource} is free`,
  },
  // Running out, by time
  ThinPoolRunsOutInMinutes: {
    meaning:
      'Little space is left and, at the current growth rate, the pool is full or below its minimum free space within minutes.',
    keepFiringFor: 3 * hourSeconds,
    summary: ({ subject, resource, time, byTarget }) =>
      `${subject} ${byTarget('runs out of', 'is below its minimum of')} ${resource} space ${time}`,
  },
  ThinPoolRunsOutInHours: {
    meaning:
      'At the current growth rate, the pool is full or below its minimum free space within hours (critical) or a day (warning).',
  },
  // Running out, by level
  ThinPoolNearlyFull: {
    meaning:
      'The pool has been nearly full for half an hour (warning), or next to nothing is left (critical).',
    keepFiringFor: 2 * hourSeconds,
    summary: ({ subject, resource, byTarget }) =>
      `${subject} is nearly ${byTarget('out of', 'at its minimum of')} ${resource} space`,
  },
  ThinPoolNoTimeToReact: {
    meaning:
      'At the peak growth rate of the last week, the space left would be used up before anyone could react.',
  },
  // Will fail when it is needed
  ThinPoolAutoextendNoRoom: {
    meaning:
      'The pool cannot be extended: LVM can allocate too little space in its VG, or cannot change the VG at all.',
    summary: ({ subject }) =>
      `${subject} cannot be extended; LVM can allocate too little space in its VG, or cannot change the VG`,
  },
  ThinPoolAutoextendIdle: {
    meaning: 'The pool is not being extended, although it is due, or autoextend is configured.',
    summary: ({ subject }) =>
      `${subject} is not being extended, although it is due, or autoextend is configured`,
  },
  ThinPoolHostFileSystemLow: {
    meaning:
      'The file system under the loop files, or the VDO volume under the pool, has no room for all of the free space that the pool reports.',
    summary: ({ subject }) =>
      `${subject}: what it is stored on, loop files or VDO, has no room for all of the free space that the pool reports`,
  },
  ThinPoolMetadataTooSmall: {
    meaning: 'Metadata will run out before data does.',
    summary: ({ subject }) => `${subject}: metadata will run out before data does`,
  },
  ThinPoolInconsistent: {
    meaning:
      'The pool does not match its configuration: a resize was refused, or its transaction ID differs.',
    summary: ({ subject }) =>
      `${subject} does not match its configuration: a resize was refused, or its transaction ID differs`,
  },
  ThinPoolRisk: {
    meaning: 'The configuration or use of the pool would make a shortage worse. Nothing is broken yet.',
    keepsCode: true,
    summary: ({ subject, code }) => `${subject}: ${code} would make a shortage worse; nothing is broken yet`,
  },
  // Blind
  ThinPoolExporterDown: {
    meaning: 'The exporter is down or does not respond: no pool of the host is monitored.',
  },
  ThinPoolBlind: {
    meaning: 'The exporter runs, but the state of one pool or of all pools is unknown or out of date.',
    summary: ({ subject }) => `${subject}: the state of the pool is unknown or out of date`,
  },
  ThinPoolNotReportedByLvm: {
    meaning: 'LVM created the pool but does not report it: monitoring and free space in its VG are unknown.',
    summary: ({ subject }) =>
      `${subject}: LVM does not report the pool that it created; monitoring and free space in its VG are unknown`,
  },
  ThinPoolVanished: {
    meaning: 'A pool has disappeared: it was removed, deactivated or renamed.',
    summary: ({ subject }) => `${subject} has disappeared`,
  },
  ThinPoolCollectorFailing: {
    meaning: 'A collector is failing or hung: its data is missing.',
    summary: ({ instance, collector }) =>
      `Exporter on ${instance}: ${collector} is failing or hung; its data is missing`,
  },
  ThinPoolNotifyFailing: {
    meaning:
      'The exporter cannot notify a receiver, cannot keep its queue of notifications, or its heartbeat is not accepted.',
    summary: ({ instance }) =>
      `Exporter on ${instance}: notifications fail, or the queue of them cannot be kept`,
  },
  ThinPoolClockSkew: {
    meaning: "The exporter's clock and Prometheus' clock differ by more than 90 s: times are wrong.",
  },
  ThinPoolCertificateEnds: {
    meaning: "The exporter's TLS certificate expires soon: after that, every scrape fails.",
  },
  ThinPoolWebConfigRefused: {
    meaning:
      'The web configuration is invalid and was not reloaded: the previous one stays in use, and a restart would fail.',
  },
  ThinPoolConfigRefused: {
    meaning:
      'The options file is invalid and was not reloaded: the previous options stay in use, and a restart would fail.',
  },
  // Always
  ThinPoolWatchdog: { meaning: "Always firing. Alert if it stops (dead man's switch)." },
};
