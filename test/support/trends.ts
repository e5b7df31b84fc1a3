import type { Pool, Resource } from '../../src/model/pool.ts';
import type { PoolTrend, SpaceTrend } from '../../src/model/trend.ts';

/** A steady growth up to what a pool holds now, for tests of what is shown of it. */
export function makeSpaceTrend(
  { usedBytes, sizeBytes }: { readonly usedBytes: number; readonly sizeBytes: number },
  bytesPerSecond: number,
  parts: Partial<SpaceTrend> = {},
): SpaceTrend {
  const points = Array.from({ length: 31 }, (_, index) => ({
    at: 1_000_000 + index * 10_000,
    usedBytes: Math.max(0, usedBytes - bytesPerSecond * 10 * (30 - index)),
    sizeBytes,
  }));
  const isGrowing = bytesPerSecond > 0;
  return {
    points,
    bytesPerSecond,
    overMs: 300_000,
    ...(isGrowing ? { secondsToFull: (sizeBytes - usedBytes) / bytesPerSecond } : {}),
    ...parts,
  };
}

/** The same for one resource of a pool. */
export function makeTrend(pool: Pool, resource: Resource, bytesPerSecond: number): PoolTrend {
  const space = pool[resource];
  return {
    pool: pool.name,
    fastest: [],
    ...(space === undefined ? {} : { [resource]: makeSpaceTrend(space, bytesPerSecond) }),
  };
}
