import type { Pool, Resource } from '../model/pool.ts';
import type { TrendPoint } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';

/** dmeventd acts at multiples of 5%, and a few seconds late: a pool this far past its threshold was not extended. */
export const autoextendGrace = 0.05;

/** dmeventd looks every ten seconds (lvm2 dmeventd_thin.c), and then LVM needs a few. */
const dmeventdMs = 20 * secondMs;

/** LVM will extend the pool in time: it monitors it, the next step fits, and the pool is not overdue for an extension. */
export function willBeExtended(pool: Pool, resource: Resource): boolean {
  return fits(pool, resource) && pastThreshold(pool, resource) < autoextendGrace;
}

/** LVM has extended the pool within these seconds, or has had no time yet to extend it although usage jumped past the threshold. */
export function isBeingExtended(pool: Pool, resource: Resource, points: readonly TrendPoint[]): boolean {
  const last = points.at(-1);
  const { autoextend, lvm, lvmLastKnown } = pool;
  if (last === undefined || autoextend === undefined || lvm?.monitored !== true) return false;
  if (lvmLastKnown === true || autoextend.thresholdPercent >= 100) return false;
  const lately = points.filter(({ at }) => last.at - at < dmeventdMs);
  if (lately.some(({ sizeBytes }) => sizeBytes < last.sizeBytes)) return true;
  const overdueAt = autoextend.thresholdPercent / 100 + autoextendGrace;
  return fits(pool, resource) && lately.some(({ usedBytes, sizeBytes }) => usedBytes / sizeBytes < overdueAt);
}

function fits({ autoextend, lvm, roomOutdated, lvmLastKnown }: Pool, resource: Resource): boolean {
  // Nothing is silenced by figures from before the last extension, or from before LVM fell silent.
  if (roomOutdated === true || lvmLastKnown === true) return false;
  if (autoextend === undefined || lvm?.monitored !== true) return false;
  if (autoextend.thresholdPercent >= 100) return false;
  return autoextend.steps.find((step) => step.resource === resource)?.shortfallBytes === 0;
}

function pastThreshold({ autoextend, ...pool }: Pool, resource: Resource): number {
  const space = pool[resource];
  if (space === undefined || autoextend === undefined) return Number.POSITIVE_INFINITY;
  return space.usedBytes / space.sizeBytes - autoextend.thresholdPercent / 100;
}
