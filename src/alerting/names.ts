/** Every alert, worst first, with its meaning in one line. The runbook of each is docs/runbooks/NAME.md. */
export const alerts = {
  // Already broken
  ThinPoolFailed: 'The pool cannot be read or written: all I/O on its volumes fails.',
  ThinPoolNeedsCheck:
    'A metadata operation failed: until an offline check, the pool cannot be extended or made writable.',
  ThinPoolReadOnly: 'The pool has gone read-only: writes that need a new block fail.',
  ThinPoolFull: 'No data block or no metadata block is free: writes that need one hang or fail.',
  ThinPoolSuspended: 'The pool or one of its volumes is suspended: its I/O hangs.',
  ThinPoolVolumeFailed:
    'The kernel reports Fail or Error for a thin volume, although its pool has not failed.',
  ThinPoolFileSystemErrors: 'File systems on volumes of the pool report errors: data may be lost.',
  ThinPoolTasksHang: 'Tasks hang in thin pool, file system or block I/O and cannot be killed.',
  ThinPoolKernelErrors:
    'The kernel reports damaged metadata, or errors on a device or loop file under the pool.',
  ThinPoolStalled:
    'A query for the status of the pool hangs in the kernel: the storage under the pool is stalled.',
  // Below the minimum free space
  ThinPoolBelowMinimumFree:
    "Free space is below Docker's minimum: new images and containers cannot be created.",
  ThinPoolLvmRefusesVolumes: 'LVM creates no new thin volumes and snapshots in the pool.',
  // Running out, by time
  ThinPoolRunsOutInMinutes:
    "Little space is left and, at the current growth rate, the pool is full or below Docker's minimum within minutes.",
  ThinPoolRunsOutInHours:
    "At the current growth rate, the pool is full or below Docker's minimum within hours (critical) or a day (warning).",
  // Running out, by level
  ThinPoolNearlyFull:
    'The pool has been nearly full for half an hour (warning), or is almost full and still filling (critical).',
  ThinPoolNoTimeToReact:
    'At the peak growth rate of the last week, the space left would be used up before anyone could react.',
  // Will fail when it is needed
  ThinPoolAutoextendNoRoom:
    'The pool cannot be extended: LVM can allocate too little space in its VG, or cannot change the VG at all.',
  ThinPoolAutoextendIdle: 'The pool is not being extended, although it is due, or autoextend is configured.',
  ThinPoolHostFileSystemLow:
    'The file system under the loop files has less free space than the pool reports.',
  ThinPoolMetadataTooSmall: 'Metadata will run out before data does.',
  ThinPoolInconsistent:
    'The pool does not match its configuration: a resize was refused, or its transaction ID differs.',
  ThinPoolRisk: 'The configuration or use of the pool would make a shortage worse. Nothing is broken yet.',
  // Blind
  ThinPoolExporterDown: 'The exporter is down or does not respond: no pool of the host is monitored.',
  ThinPoolBlind: 'The exporter runs, but the state of one pool or of all pools is unknown or out of date.',
  ThinPoolVanished: 'A pool has disappeared: it was removed, deactivated or renamed.',
  ThinPoolSourceFailing: 'A collector is failing or hung: its data is missing.',
  ThinPoolCertificateEnds: "The exporter's TLS certificate expires soon: after that, every scrape fails.",
  ThinPoolWebConfigRefused:
    'The web configuration is invalid and was not reloaded: the previous one stays in use, and a restart would fail.',
  // Always
  ThinPoolWatchdog: "Always firing. Alert if it stops (dead man's switch).",
} as const;

export type AlertName = keyof typeof alerts;
