import { type MinimumFree, type Pool, resources, type Space } from '../model/pool.ts';
import type { PoolTrend, SpaceTrend } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { latestGrowth } from '../thinpool/forecast.ts';
import { minimumFreeOf } from '../thinpool/minimum-free.ts';

/**
 * Milliseconds until data or metadata could be full or below minimum free, at the rate between the latest two polls;
 * infinite if nothing grew. It decides when to poll again, and is never reported: a single burst looks like the end.
 */
export function timeLeftMs(pool: Pool, trend: PoolTrend | undefined): number {
  return Math.min(
    ...resources.map((resource) =>
      timeOf(pool[resource], minimumFreeOf(pool, resource), trend?.[resource] ?? { points: [] }),
    ),
  );
}

function timeOf(space: Space | undefined, minimumFree: MinimumFree | undefined, trend: SpaceTrend): number {
  const bytesPerSecond = latestGrowth(trend.points) ?? 0;
  if (space === undefined || bytesPerSecond <= 0) return Number.POSITIVE_INFINITY;
  const aboveMinimumFree = minimumFree === undefined ? 0 : space.freeBytes - minimumFree.bytes;
  // A limit that has been reached does not count.
  const ahead = [space.availableBytes, aboveMinimumFree].filter((bytes) => bytes > 0);
  return (Math.min(...ahead) / bytesPerSecond) * secondMs;
}
