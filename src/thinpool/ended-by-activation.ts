/**
 * Kinds of kernel messages about a pool that is read-only and flagged, or has failed, until it is activated again, which checks
 * it (kernel dm-thin.c, metadata_operation_failed and abort_transaction; with the flag in the status since target version 1.16).
 */
export const endedByActivation: ReadonlySet<string> = new Set([
  'metadata_abort_failed',
  'metadata_operation_failed',
  'mode_fail',
  'needs_check_not_set',
]);

/** Kinds that say that a pool could not be activated. */
export const failedActivation: ReadonlySet<string> = new Set(['activation_failed', 'device_too_small']);
