import { type Floor, type Pool, resources, type Space } from '../model/pool.ts';
import type { PoolTrend, SpaceTrend } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { floorOf } from '../thinpool/minimum-free.ts';

/**
 * Milliseconds until data or metadata could be full, or below its floor, if it went on as between the latest two
 * readings; infinite where nothing grew. That says how soon to read again, and is nothing to be told: one burst looks like
 * the end.
 */
export function timeLeftMs(pool: Pool, trend: PoolTrend | undefined): number {
  return Math.min(
    ...resources.map((resource) =>
      timeOf(pool[resource], floorOf(pool, resource), trend?.[resource] ?? { points: [] }),
    ),
  );
}

function timeOf(space: Space | undefined, floor: Floor | undefined, trend: SpaceTrend): number {
  const bytesPerSecond = latestGrowth(trend);
  if (space === undefined || bytesPerSecond <= 0) return Number.POSITIVE_INFINITY;
  const aboveFloor = floor === undefined ? 0 : space.freeBytes - floor.bytes;
  // What has been reached is waited for no more.
  const ahead = [space.availableBytes, aboveFloor].filter((bytes) => bytes > 0);
  return (Math.min(...ahead) / bytesPerSecond) * secondMs;
}

function latestGrowth({ points }: SpaceTrend): number {
  const [before, last] = points.slice(-2);
  if (before === undefined || last === undefined || last.afterGap === true) return 0;
  return ((last.usedBytes - before.usedBytes) * secondMs) / (last.at - before.at);
}
