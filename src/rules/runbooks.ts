import type { FindingCode } from './codes.ts';

/** Where the project can be found. */
export const repository = 'https://github.com/thinpool-exporter/thinpool-exporter';

/** Where docs/runbooks can be read. */
export const runbooks = `${repository}/blob/main/docs/runbooks`;

/** The page of docs/runbooks for each finding, which is named after the alert that it raises. */
export const runbookOfFinding = {
  'pool-failed': 'ThinPoolFailed',
  'pool-unreadable': 'ThinPoolFailed',
  'docker-cannot-read-pool': 'ThinPoolFailed',
  'pool-needs-check': 'ThinPoolNeedsCheck',
  'pool-read-only': 'ThinPoolReadOnly',
  'metadata-limit': 'ThinPoolFull',
  'metadata-full': 'ThinPoolFull',
  'data-full-failing': 'ThinPoolFull',
  'data-full-queueing': 'ThinPoolFull',
  'data-full': 'ThinPoolFull',
  'pool-suspended': 'ThinPoolSuspended',
  'volume-suspended': 'ThinPoolSuspended',
  'volume-failed': 'ThinPoolVolumeFailed',
  'file-system-errors': 'ThinPoolFileSystemErrors',
  'tasks-hang-in-storage': 'ThinPoolTasksHang',
  'tasks-hang-unassigned': 'ThinPoolTasksHang',
  'metadata-damaged': 'ThinPoolKernelErrors',
  'pool-activation-failed': 'ThinPoolKernelErrors',
  'storage-errors': 'ThinPoolKernelErrors',
  'operation-refused': 'ThinPoolKernelErrors',
  'status-stuck': 'ThinPoolStalled',
  'below-minimum-free': 'ThinPoolBelowMinimumFree',
  'autoextend-no-room': 'ThinPoolAutoextendNoRoom',
  'autoextend-never': 'ThinPoolAutoextendNoRoom',
  'autoextend-overdue': 'ThinPoolAutoextendIdle',
  'autoextend-not-monitored': 'ThinPoolAutoextendIdle',
  'low-water-mark-passed': 'ThinPoolAutoextendIdle',
  'host-file-system-low': 'ThinPoolHostFileSystemLow',
  'metadata-before-data': 'ThinPoolMetadataTooSmall',
  'resize-pending': 'ThinPoolInconsistent',
  'transaction-mismatch': 'ThinPoolInconsistent',
  'autoextend-off': 'ThinPoolRisk',
  'overcommitted-without-reserve': 'ThinPoolRisk',
  'loopback-in-use': 'ThinPoolRisk',
  'xfs-retries-for-ever': 'ThinPoolRisk',
  'deferred-deletes': 'ThinPoolRisk',
  'metadata-snapshot-held': 'ThinPoolRisk',
  'discovery-blind': 'ThinPoolBlind',
  'status-unknown': 'ThinPoolBlind',
  'pool-missing': 'ThinPoolVanished',
  'source-failing': 'ThinPoolSourceFailing',
  'source-stuck': 'ThinPoolSourceFailing',
} as const satisfies Record<FindingCode, string>;

/** The runbook of an alert, as an address. */
export function runbookOf(alert: string): string {
  return `${runbooks}/${alert}.md`;
}

/** The runbook of a finding, as an address; undefined for a code that is none of ours. */
export function runbookAddress(code: string): string | undefined {
  return Object.hasOwn(runbookOfFinding, code) ? runbookOf(runbookOfFinding[code as FindingCode]) : undefined;
}
