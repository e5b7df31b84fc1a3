/** Every alert there is, worst first, with its meaning in one line. A runbook a name: docs/runbooks/NAME.md. */
export const alerts = {
  // Already broken
  ThinPoolFailed: 'The pool cannot be read or written at all: every read and write of its volumes fails.',
  ThinPoolNeedsCheck:
    'A metadata operation failed: the pool cannot be written or grow before an offline check.',
  ThinPoolReadOnly: 'The pool went read-only by itself: nothing new can be written.',
  ThinPoolFull: 'No block of data or metadata is free: writes wait, or fail.',
  ThinPoolSuspended: 'The pool, or a volume of it, is suspended: its I/O waits.',
  ThinPoolVolumeFailed:
    'The kernel says Fail or Error for a thin volume of a pool that is not failed itself.',
  ThinPoolFileSystemErrors: 'File systems on volumes of the pool report errors: data may be lost.',
  ThinPoolTasksHang: 'Processes hang in thin pool, file system or block I/O, and cannot be killed.',
  ThinPoolKernelErrors:
    'The kernel reports damaged metadata, errors of a device under the pool, or an operation that it refused.',
  ThinPoolStalled: 'A reading of the pool does not return from the kernel: the storage under it stalls.',
  // Below the floor
  ThinPoolBelowMinimumFree: 'Less is free than Docker keeps free: images and containers cannot be created.',
  // Running out, by time
  ThinPoolRunsOutInMinutes:
    'At the rate it grows, and little being left, the pool is at its floor, or full, within minutes.',
  ThinPoolRunsOutInHours:
    'At the rate it grows, the pool is at its floor, or full, within hours (critical) or a day (warning).',
  // Running out, by level
  ThinPoolNearlyFull:
    'Little is left, and more than what short-lived work explains (warning), or it still grows (critical).',
  ThinPoolNoTimeToReact:
    'At the highest rate of the last days, what is left would be gone sooner than anybody can act.',
  // What will fail when it is needed
  ThinPoolAutoextendNoRoom: 'The next automatic extension cannot succeed: the VG has too little free.',
  ThinPoolAutoextendIdle: 'The pool should have been extended by itself, or is to be, and nobody does it.',
  ThinPoolHostFileSystemLow:
    'The file system under the loop files has less room than the pool thinks it has.',
  ThinPoolMetadataTooSmall: 'Metadata will be full before data is.',
  ThinPoolInconsistent:
    'The pool and its owner disagree: a resize that was refused, or another transaction id.',
  ThinPoolRisk:
    'The pool is set up, or used, so that a shortage hurts more than it must. Nothing is wrong yet.',
  // Blind
  ThinPoolExporterDown: 'The exporter is not there, or does not answer: no pool of the host is watched.',
  ThinPoolBlind: 'The exporter runs, but the state of a pool, or of all, is not known or too old.',
  ThinPoolVanished: 'A pool that was there is gone.',
  ThinPoolSourceFailing: 'A source of facts fails or hangs: what only it tells is not known.',
  ThinPoolCertificateEnds:
    "The certificate of the exporter's own pages ends soon: after that no scrape works.",
  ThinPoolWebConfigRefused:
    'The web configuration was wrong when it was read again: the one from before holds, until the next start.',
  // Always
  ThinPoolWatchdog: 'Always fires, to show that alerts arrive. Its absence is the alarm.',
} as const;

export type AlertName = keyof typeof alerts;
