import type { Pool, Resource } from '../model/pool.ts';
import type { TrendPoint } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';

/** dmeventd acts at multiples of 5%, and a few seconds late: a pool this far past its threshold was not extended. */
export const autoextendGrace = 0.05;

/** dmeventd looks every ten seconds (lvm2 dmeventd_thin.c), and then LVM needs a few. */
const dmeventdMs = 20 * secondMs;

/** LVM will extend the pool in time: it monitors it, the next step fits, and the pool is not overdue for an extension. */
export function willBeExtended(pool: Pool, resource: Resource): boolean {
  const space = pool[resource];
  return space !== undefined && fits(pool, resource) && !isOverdue(pool, space);
}

/** LVM has extended the pool within these seconds, or has had no time yet to extend it although usage jumped past the threshold. */
export function isBeingExtended(pool: Pool, resource: Resource, points: readonly TrendPoint[]): boolean {
  const last = points.at(-1);
  if (last === undefined || !isWatched(pool)) return false;
  const lately = points.filter(({ at }) => last.at - at < dmeventdMs);
  if (lately.some(({ sizeBytes }) => sizeBytes < last.sizeBytes)) return true;
  return fits(pool, resource) && lately.some((point) => !isOverdue(pool, point));
}

/** Nothing is silenced by figures from before LVM fell silent. */
function isWatched({ autoextend, lvm, lvmLastKnown }: Pool): boolean {
  return (
    lvmLastKnown !== true &&
    lvm?.monitored === true &&
    autoextend !== undefined &&
    autoextend.thresholdPercent < 100
  );
}

/** By figures from after the last extension. */
function fits(pool: Pool, resource: Resource): boolean {
  if (pool.roomOutdated === true || !isWatched(pool)) return false;
  return pool.autoextend?.steps.find((step) => step.resource === resource)?.shortfallBytes === 0;
}

function isOverdue(
  { autoextend }: Pool,
  { usedBytes, sizeBytes }: Pick<TrendPoint, 'usedBytes' | 'sizeBytes'>,
): boolean {
  const threshold = (autoextend?.thresholdPercent ?? 0) / 100;
  return usedBytes / sizeBytes - threshold >= autoextendGrace;
}
