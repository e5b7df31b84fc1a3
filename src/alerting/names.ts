import type { AlertName } from '../model/alert-name.ts';

/** An alert, as the rules and the runbooks show it. */
export interface AlertRow {
  /** In one line. */
  readonly meaning: string;
  /** A list of separate problems: one alert for each finding code, where others combine all codes in one alert. */
  readonly keepsCode?: true;
}

/** Every alert there is, worst first. */
export const alerts: Readonly<Record<AlertName, AlertRow>> = {
  // Already broken
  ThinPoolFailed: {
    meaning: 'The pool cannot be read or written at all: every read and write of its volumes fails.',
  },
  ThinPoolNeedsCheck: {
    meaning: 'A metadata operation failed: the pool cannot be written or grow before an offline check.',
  },
  ThinPoolReadOnly: { meaning: 'The pool went read-only by itself: nothing new can be written.' },
  ThinPoolFull: { meaning: 'No block of data or metadata is free: writes wait, or fail.' },
  ThinPoolSuspended: { meaning: 'The pool, or a volume of it, is suspended: its I/O waits.' },
  ThinPoolVolumeFailed: {
    meaning: 'The kernel says Fail or Error for a thin volume of a pool that is not failed itself.',
  },
  ThinPoolFileSystemErrors: {
    meaning: 'File systems on volumes of the pool report errors: data may be lost.',
  },
  ThinPoolTasksHang: {
    meaning: 'Processes hang in thin pool, file system or block I/O, and cannot be ended.',
  },
  ThinPoolKernelErrors: {
    meaning: 'The kernel reports damaged metadata, or errors of a device or loop file under the pool.',
  },
  ThinPoolStalled: {
    meaning: 'A reading of the pool does not return from the kernel: the storage under it stalls.',
  },
  // Below the floor
  ThinPoolBelowMinimumFree: {
    meaning: 'Less is free than Docker keeps free: images and containers cannot be created.',
  },
  // Running out, by time
  ThinPoolRunsOutInMinutes: {
    meaning:
      'At the rate it grows, and little being left, the pool is at its floor, or full, within minutes.',
  },
  ThinPoolRunsOutInHours: {
    meaning:
      'At the rate it grows, the pool is at its floor, or full, within hours (critical) or a day (warning).',
  },
  // Running out, by level
  ThinPoolNearlyFull: {
    meaning:
      'Little is left, and more than what short-lived work explains (warning), or it still grows (critical).',
  },
  ThinPoolNoTimeToReact: {
    meaning: 'At the highest rate of the last days, what is left would be gone sooner than anybody can act.',
  },
  // What will fail when it is needed
  ThinPoolAutoextendNoRoom: {
    meaning: 'The next automatic extension cannot succeed: the VG has too little free.',
  },
  ThinPoolAutoextendIdle: {
    meaning: 'The pool should have been extended by itself, or is to be, and nobody does it.',
  },
  ThinPoolHostFileSystemLow: {
    meaning: 'The file system under the loop files has less room than the pool thinks it has.',
  },
  ThinPoolMetadataTooSmall: { meaning: 'Metadata will be full before data is.' },
  ThinPoolInconsistent: {
    meaning: 'The pool and its owner disagree: a resize that was refused, or another transaction id.',
  },
  ThinPoolRisk: {
    meaning: 'The pool is set up, or used, so that a shortage hurts more than it must. Nothing is wrong yet.',
    keepsCode: true,
  },
  // Blind
  ThinPoolExporterDown: {
    meaning: 'The exporter is not there, or does not answer: no pool of the host is watched.',
  },
  ThinPoolBlind: {
    meaning: 'The exporter runs, but the state of a pool, or of all, is not known or too old.',
  },
  ThinPoolVanished: { meaning: 'A pool that was there is gone.' },
  ThinPoolSourceFailing: { meaning: 'A source of facts fails or hangs: what only it tells is not known.' },
  ThinPoolCertificateEnds: {
    meaning: "The certificate of the exporter's own pages ends soon: after that no scrape works.",
  },
  ThinPoolWebConfigRefused: {
    meaning:
      'The web configuration was wrong when it was read again: the one from before holds, until the next start.',
  },
  // Always
  ThinPoolWatchdog: { meaning: 'Always fires, to show that alerts arrive. Its absence is the alarm.' },
};
