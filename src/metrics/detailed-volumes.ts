import type { Pool } from '../model/pool.ts';
import type { PoolTrend } from '../model/trend.ts';
import { hourMs } from '../model/units.ts';
import type { Judged } from './forecast.ts';

/** Whether a volume of a pool has all metrics of volumes. */
export type DetailedVolumes = (pool: string, volume: string) => boolean;

/** How long a volume that grew fast keeps its place, unless others that grow need it: series should not come and go. */
const heldMs = hourMs;

/**
 * Selects volumes of each pool, at most `max`: half of the places are for those that grow fastest, or did within the last hour, and the
 * rest for the largest. Each call takes a newer host.
 */
export function createDetailedVolumes(): (judged: Judged, max: number) => DetailedVolumes {
  /** When each volume last was one of the fastest, Unix ms, by pool. */
  let grewAt: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map();
  return ({ host, trends }, max) => {
    if (max === 0) return () => false;
    const now = host.takenAt;
    const grown = host.pools.map((pool) => {
      const trend = trends.find((one) => one.pool === pool.name);
      return [pool.name, noteGrowth(grewAt.get(pool.name), pool, trend, now)] as const;
    });
    grewAt = new Map(grown);
    const selected = new Map(host.pools.map((pool) => [pool.name, select(pool, grewAt.get(pool.name), max)]));
    return (pool, volume) => selected.get(pool)?.has(volume) === true;
  };
}

function noteGrowth(
  before: ReadonlyMap<string, number> | undefined,
  { volumes }: Pool,
  trend: PoolTrend | undefined,
  now: number,
): ReadonlyMap<string, number> {
  const held = [...(before ?? [])].filter(([, at]) => at <= now && now - at < heldMs);
  const fastest = trend?.fastest ?? [];
  // Of those that grow now, the fastest comes first.
  const growing = fastest.map(({ volume }) => [volume, now] as const);
  const there = new Set(volumes.map(({ name }) => name));
  const all = new Map([...growing, ...held.filter(([name]) => !fastest.some((one) => one.volume === name))]);
  return new Map([...all].filter(([name]) => there.has(name)));
}

function select(
  { volumes }: Pool,
  grewAt: ReadonlyMap<string, number> = new Map(),
  max: number,
): ReadonlySet<string> {
  const byTime = [...grewAt].toSorted(([, one], [, other]) => other - one).map(([name]) => name);
  const selected = new Set(byTime.slice(0, Math.ceil(max / 2)));
  const bySize = volumes.toSorted((one, other) => (other.mappedBytes ?? 0) - (one.mappedBytes ?? 0));
  for (const { name } of bySize) {
    if (selected.size >= max) break;
    selected.add(name);
  }
  return selected;
}
