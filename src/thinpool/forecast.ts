import { type Target, targets } from '../model/finding.ts';
import type { Snapshot } from '../model/host.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { type Pool, type Resource, resources } from '../model/pool.ts';
import type { PoolTrend, SpaceTrend, TrendPoint } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { minimumFreeOf } from './minimum-free.ts';
import { bytesLeft } from './space-left.ts';

/** What a forecast is made from. */
export type Basis = Pick<Snapshot, 'findings' | 'trends'>;

/** A limit that a resource reaches at its present growth. 0 seconds: it has been reached. */
export interface TimeLeft {
  readonly resource: Resource;
  readonly target: Target;
  readonly seconds: number;
  /** Growth is not steady enough for a forecast: this is where the latest growth would lead. */
  readonly isRough?: true;
}

/**
 * The forecast of the exporter, the same wherever it is shown: 0 at the limit; what a finding was judged by; the steady growth of
 * the pool. Undefined while the resource does not grow, or not steadily enough.
 */
export function forecastSeconds(
  pool: Pool,
  resource: Resource,
  target: Target,
  { findings, trends }: Basis,
): number | undefined {
  if (isReached(pool, resource, target)) return 0;
  const finding = findings.find(
    (one) =>
      one.secondsLeft !== undefined &&
      one.pool === pool.name &&
      one.resource === resource &&
      one.target === target,
  );
  return finding?.secondsLeft ?? secondsTo(trendOf(trends, pool)?.[resource], target);
}

/** What is known of each limit of a pool, soonest first. None: nothing grows, or growth is not known. */
export function timesLeft(pool: Pool, basis: Basis): readonly TimeLeft[] {
  return resources
    .flatMap((resource) => timesLeftOf(pool, resource, basis))
    .sort((one, other) => one.seconds - other.seconds);
}

function timesLeftOf(pool: Pool, resource: Resource, basis: Basis): readonly TimeLeft[] {
  const trend = trendOf(basis.trends, pool)?.[resource];
  return targets.flatMap((target): TimeLeft[] => {
    // For a full pool, the minimum is no news.
    if (target !== 'full' && isReached(pool, resource, 'full')) return [];
    const seconds = forecastSeconds(pool, resource, target, basis);
    if (seconds !== undefined) return [{ resource, target, seconds }];
    const left = bytesLeft(pool, resource, target);
    const rate = presentGrowth(trend);
    if (left === undefined || rate === undefined || rate <= 0) return [];
    return [{ resource, target, seconds: left / rate, isRough: true }];
  });
}

/** The trends with the forecast of the exporter in them. */
export function withForecasts(pools: readonly Pool[], basis: Basis): readonly PoolTrend[] {
  return basis.trends.map((trend) => {
    const pool = pools.find(({ name }) => name === trend.pool);
    return pool === undefined ? trend : withForecast(pool, trend, basis);
  });
}

function withForecast(pool: Pool, trend: PoolTrend, basis: Basis): PoolTrend {
  const settle = (resource: Resource): SpaceTrend | undefined => {
    const own = trend[resource];
    if (own === undefined) return undefined;
    return omitUndefined({
      ...own,
      secondsToMinimumFree: forecastSeconds(pool, resource, 'minimum_free', basis),
      secondsToFull: forecastSeconds(pool, resource, 'full', basis),
    });
  };
  return omitUndefined({ ...trend, data: settle('data'), metadata: settle('metadata') });
}

/** Whether the growth of everything that could fill up has been measured, and none of it grows. Two polls alone are too few. */
export function isCalm(pool: Pool, trend: PoolTrend | undefined): boolean {
  const known = resources
    .filter((resource) => pool[resource] !== undefined)
    .map((resource) => trend?.[resource]);
  const isStill = (one: SpaceTrend | undefined): boolean =>
    one?.bytesPerSecond !== undefined && (presentGrowth(one) ?? 0) <= 0;
  return known.length > 0 && known.every(isStill);
}

/** Bytes per second: between the latest two polls if used space grew, otherwise as it was measured over a longer time. */
export function presentGrowth(trend: SpaceTrend | undefined): number | undefined {
  const latest = trend && latestGrowth(trend.points);
  return latest !== undefined && latest > 0 ? latest : (trend?.bytesPerSecond ?? latest);
}

/** Bytes per second between the latest two polls; undefined if there are none without a gap between them. */
export function latestGrowth(points: readonly TrendPoint[]): number | undefined {
  const [before, last] = points.slice(-2);
  if (before === undefined || last === undefined || last.afterGap === true) return undefined;
  return ((last.usedBytes - before.usedBytes) * secondMs) / (last.at - before.at);
}

/** Docker refuses below its minimum, not at it. */
function isReached(pool: Pool, resource: Resource, target: Target): boolean {
  const space = pool[resource];
  if (space === undefined) return false;
  if (target === 'full') return space.availableBytes <= 0;
  const minimumFree = minimumFreeOf(pool, resource);
  return minimumFree !== undefined && space.freeBytes < minimumFree.bytes;
}

/** By the steady growth of the resource. */
export function secondsTo(trend: SpaceTrend | undefined, target: Target): number | undefined {
  return target === 'full' ? trend?.secondsToFull : trend?.secondsToMinimumFree;
}

function trendOf(trends: readonly PoolTrend[], { name }: Pool): PoolTrend | undefined {
  return trends.find(({ pool }) => pool === name);
}
