import type { AlertName } from '../model/alert-name.ts';
import { minuteSeconds } from '../model/units.ts';

/** An alert, as the rules and the runbooks show it. */
export interface AlertRow {
  /** In one line. */
  readonly meaning: string;
  /** A list of separate problems: one alert for each finding code, where others combine all codes in one alert. */
  readonly keepsCode?: true;
  /** Seconds before it resolves, where it is not as for others of its severity. */
  readonly keepFiringFor?: number;
}

/** Every alert there is, worst first. */
export const alerts: Readonly<Record<AlertName, AlertRow>> = {
  // Already broken
  ThinPoolFailed: {
    meaning: 'The pool cannot be read or written: all I/O on its volumes fails.',
  },
  ThinPoolInactive: { meaning: 'The pool exists but is not active: its volumes cannot be used.' },
  ThinPoolNeedsCheck: {
    meaning:
      'A metadata operation failed: until an offline check, the pool cannot be extended or made writable.',
  },
  ThinPoolReadOnly: { meaning: 'The pool has gone read-only: writes that need a new block fail.' },
  ThinPoolFull: { meaning: 'No data block or no metadata block is free: writes that need one hang or fail.' },
  ThinPoolSuspended: { meaning: 'The pool or one of its volumes is suspended: its I/O hangs.' },
  ThinPoolVolumeFailed: {
    meaning: 'The kernel reports Fail or Error for a thin volume, although its pool has not failed.',
  },
  ThinPoolFileSystemErrors: {
    meaning: 'File systems on volumes of the pool report errors: data may be lost.',
  },
  ThinPoolTasksHang: {
    meaning: 'Tasks hang in thin pool, file system or block I/O and cannot be killed.',
  },
  ThinPoolKernelErrors: {
    meaning:
      'The kernel reports damaged metadata, errors of a device under the pool, or a refused operation.',
  },
  ThinPoolStalled: {
    meaning: 'A query for the status of the pool hangs in the kernel: the storage under the pool is stalled.',
  },
  // Below the minimum free space
  ThinPoolBelowMinimumFree: {
    meaning: "Free space is below Docker's minimum: new images and containers cannot be created.",
  },
  ThinPoolLvmRefusesVolumes: { meaning: 'LVM refuses new thin volumes and snapshots in the pool.' },
  // Running out, by time
  ThinPoolRunsOutInMinutes: {
    meaning:
      "Little space is left and, at the current growth rate, the pool is full or below Docker's minimum within minutes.",
    keepFiringFor: 10 * minuteSeconds,
  },
  ThinPoolRunsOutInHours: {
    meaning:
      "At the current growth rate, the pool is full or below Docker's minimum within hours (critical) or a day (warning).",
  },
  // Running out, by level
  ThinPoolNearlyFull: {
    meaning:
      'The pool has been nearly full for half an hour (warning), or next to nothing is left (critical).',
    keepFiringFor: 15 * minuteSeconds,
  },
  ThinPoolNoTimeToReact: {
    meaning:
      'At the peak growth rate of the last week, the space left would be used up before anyone could react.',
  },
  // Will fail when it is needed
  ThinPoolAutoextendNoRoom: {
    meaning:
      'The pool cannot be extended: LVM can allocate too little space in its VG, or cannot change the VG at all.',
  },
  ThinPoolAutoextendIdle: {
    meaning: 'The pool is not being extended, although it is due, or autoextend is configured.',
  },
  ThinPoolHostFileSystemLow: {
    meaning: 'The file system under the loop files has less free space than the pool reports.',
  },
  ThinPoolMetadataTooSmall: { meaning: 'Metadata will run out before data does.' },
  ThinPoolInconsistent: {
    meaning:
      'The pool does not match its configuration: a resize was refused, or its transaction ID differs.',
  },
  ThinPoolRisk: {
    meaning: 'The configuration or use of the pool would make a shortage worse. Nothing is broken yet.',
    keepsCode: true,
  },
  // Blind
  ThinPoolExporterDown: {
    meaning: 'The exporter is down or does not respond: no pool of the host is monitored.',
  },
  ThinPoolBlind: {
    meaning: 'The exporter runs, but the state of one pool or of all pools is unknown or out of date.',
  },
  ThinPoolNotReportedByLvm: {
    meaning: 'LVM created the pool but does not report it: monitoring and free space in its VG are unknown.',
  },
  ThinPoolVanished: { meaning: 'A pool has disappeared: it was removed, deactivated or renamed.' },
  ThinPoolCollectorFailing: { meaning: 'A collector is failing or hung: its data is missing.' },
  ThinPoolCertificateEnds: {
    meaning: "The exporter's TLS certificate expires soon: after that, every scrape fails.",
  },
  ThinPoolWebConfigRefused: {
    meaning:
      'The web configuration is invalid and was not reloaded: the previous one stays in use, and a restart would fail.',
  },
  // Always
  ThinPoolWatchdog: { meaning: "Always firing. Alert if it stops (dead man's switch)." },
};
