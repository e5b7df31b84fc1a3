import type { Finding, Severity } from '../../model/finding.ts';
import type { Snapshot } from '../../model/host.ts';
import type { Pool } from '../../model/pool.ts';
import type { PoolTrend } from '../../model/trend.ts';
import { isExtendedBefore, type TimeLeft, timesLeftOf } from './time-left.ts';

/** How urgent something is, most urgent first. */
export const urgencies = ['critical', 'warning', 'unknown', 'healthy'] as const;
export type Urgency = (typeof urgencies)[number];

export const levelWords: Readonly<Record<Urgency, string>> = {
  critical: 'critical',
  warning: 'warning',
  unknown: 'unknown',
  healthy: 'healthy',
};

/** A pool with everything that is shown of it. */
export interface RankedPool {
  readonly pool: Pool;
  readonly trend: PoolTrend | undefined;
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly timesLeft: readonly TimeLeft[];
  readonly urgency: Urgency;
}

// The horizons of the alerts that page.
const minutesSeconds = 20 * 60;
const hoursSeconds = 2 * 3600;

const urgencyOfSeverity: Readonly<Record<Severity, Urgency>> = {
  critical: 'critical',
  warning: 'warning',
  info: 'healthy',
};

export function urgencyOf({ severity }: Pick<Finding, 'severity'>): Urgency {
  return urgencyOfSeverity[severity];
}

export function worst(some: readonly Urgency[]): Urgency {
  return urgencies.find((urgency) => some.includes(urgency)) ?? 'healthy';
}

/** The pools, most urgent first. */
export function rankPools(
  pools: readonly Pool[],
  { findings, trends }: Pick<Snapshot, 'findings' | 'trends'>,
): readonly RankedPool[] {
  const codes = [...new Set(findings.map(({ code }) => code))];
  const ranked = pools.map((pool) => {
    const trend = trends.find((one) => one.pool === pool.name);
    return rankPool(
      pool,
      trend,
      findings.filter((finding) => finding.pool === pool.name),
    );
  });
  return ranked.sort((one, other) => compare(one, other, codes));
}

function rankPool(pool: Pool, trend: PoolTrend | undefined, findings: readonly Finding[]): RankedPool {
  const timesLeft = timesLeftOf(pool, trend);
  // Whether it matters that a pool is not active, a finding says.
  const isKnown = pool.state !== undefined || pool.data !== undefined || pool.presence === 'inactive';
  const ofState: Urgency = isKnown ? 'healthy' : 'unknown';
  const urgency = worst([
    ofState,
    urgencyOfTimeLeft(timesLeft.filter((timeLeft) => !isExtendedBefore(timeLeft, pool))),
    ...findings.map(urgencyOf),
  ]);
  return { pool, trend, findings, timesLeft, urgency };
}

function urgencyOfTimeLeft([first]: readonly TimeLeft[]): Urgency {
  if (first === undefined || first.seconds > hoursSeconds) return 'healthy';
  return first.seconds > minutesSeconds ? 'warning' : 'critical';
}

function compare(one: RankedPool, other: RankedPool, codes: readonly string[]): number {
  const keys = [one, other].map((each) => [
    urgencies.indexOf(each.urgency),
    rankOf(each, codes),
    each.timesLeft[0]?.seconds ?? Number.MAX_SAFE_INTEGER,
    -fullness(each.pool),
  ]);
  const [mine = [], others = []] = keys;
  const difference = mine.map((key, at) => key - (others[at] ?? 0)).find((value) => value !== 0);
  return difference ?? one.pool.name.localeCompare(other.pool.name, 'en');
}

/** The rank of its worst finding; notes do not count. Pools with the same finding are ordered by time left. */
function rankOf({ findings }: RankedPool, codes: readonly string[]): number {
  const [first] = findings;
  if (first === undefined || first.severity === 'info') return Number.MAX_SAFE_INTEGER;
  return codes.indexOf(first.code);
}

function fullness({ data, metadata }: Pool): number {
  return Math.max(
    ...[data, metadata].map((space) => (space === undefined ? 0 : space.usedBytes / space.sizeBytes)),
  );
}
