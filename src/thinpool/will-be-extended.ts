import type { Pool, Resource } from '../model/pool.ts';

/** dmeventd acts at multiples of 5%, and a few seconds late: a pool this far past its threshold was not extended. */
export const autoextendGrace = 0.05;

/** LVM will extend the pool in time: it monitors it, the next step fits, and the pool is not overdue for an extension. */
export function willBeExtended(pool: Pool, resource: Resource): boolean {
  const { autoextend, lvm, roomOutdated, lvmLastKnown } = pool;
  // Nothing is silenced by figures from before the last extension, or from before LVM fell silent.
  if (roomOutdated === true || lvmLastKnown === true) return false;
  const space = pool[resource];
  if (space === undefined || autoextend === undefined || lvm?.monitored !== true) return false;
  if (autoextend.thresholdPercent >= 100) return false;
  const step = autoextend.steps.find((candidate) => candidate.resource === resource);
  const beyond = space.usedBytes / space.sizeBytes - autoextend.thresholdPercent / 100;
  return step?.shortfallBytes === 0 && beyond < autoextendGrace;
}
