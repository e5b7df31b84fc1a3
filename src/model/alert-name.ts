/** Alerts that findings raise. */
export type FindingAlertName =
  | 'ThinPoolFailed'
  | 'ThinPoolInactive'
  | 'ThinPoolNeedsCheck'
  | 'ThinPoolReadOnly'
  | 'ThinPoolFull'
  | 'ThinPoolSuspended'
  | 'ThinPoolVolumeFailed'
  | 'ThinPoolGuestsPaused'
  | 'ThinPoolFileSystemErrors'
  | 'ThinPoolTasksHang'
  | 'ThinPoolKernelErrors'
  | 'ThinPoolStalled'
  | 'ThinPoolBelowMinimumFree'
  | 'ThinPoolLvmRefusesVolumes'
  | 'ThinPoolRunsOutInMinutes'
  | 'ThinPoolNearlyFull'
  | 'ThinPoolAutoextendNoRoom'
  | 'ThinPoolAutoextendIdle'
  | 'ThinPoolHostFileSystemLow'
  | 'ThinPoolMetadataTooSmall'
  | 'ThinPoolInconsistent'
  | 'ThinPoolRisk'
  | 'ThinPoolBlind'
  | 'ThinPoolNotReportedByLvm'
  | 'ThinPoolVanished'
  | 'ThinPoolCollectorFailing'
  | 'ThinPoolNotifyFailing';

/** Every alert. A runbook has the name of its alert: docs/runbooks/NAME.md. */
export type AlertName =
  | FindingAlertName
  | 'ThinPoolRunsOutInHours'
  | 'ThinPoolNoTimeToReact'
  | 'ThinPoolExporterDown'
  | 'ThinPoolClockSkew'
  | 'ThinPoolCertificateEnds'
  | 'ThinPoolWebConfigRefused'
  | 'ThinPoolConfigRefused'
  | 'ThinPoolWatchdog';
