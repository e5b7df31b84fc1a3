import type { Finding, Severity } from '../../model/finding.ts';
import type { Snapshot } from '../../model/host.ts';
import type { Pool } from '../../model/pool.ts';
import type { PoolTrend } from '../../model/trend.ts';
import { type End, endsOf, isExtendedBefore } from './time-left.ts';

/** How urgent something is, most urgent first. */
export const levels = ['critical', 'warning', 'unknown', 'well'] as const;
export type Level = (typeof levels)[number];

export const levelWords: Readonly<Record<Level, string>> = {
  critical: 'critical',
  warning: 'warning',
  unknown: 'unknown',
  well: 'healthy',
};

/** A pool with everything that is shown of it. */
export interface Case {
  readonly pool: Pool;
  readonly trend: PoolTrend | undefined;
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly ends: readonly End[];
  readonly level: Level;
}

// The horizons of the alerts that page.
const minutesSeconds = 20 * 60;
const hoursSeconds = 2 * 3600;

const levelOfSeverity: Readonly<Record<Severity, Level>> = {
  critical: 'critical',
  warning: 'warning',
  info: 'well',
};

export function levelOf({ severity }: Pick<Finding, 'severity'>): Level {
  return levelOfSeverity[severity];
}

export function worst(of: readonly Level[]): Level {
  return levels.find((level) => of.includes(level)) ?? 'well';
}

/** The pools, most urgent first. */
export function rankPools(
  pools: readonly Pool[],
  { findings, trends }: Pick<Snapshot, 'findings' | 'trends'>,
): readonly Case[] {
  const codes = [...new Set(findings.map(({ code }) => code))];
  const cases = pools.map((pool) => {
    const trend = trends.find((one) => one.pool === pool.name);
    return toCase(
      pool,
      trend,
      findings.filter((finding) => finding.pool === pool.name),
    );
  });
  return cases.sort((one, other) => compare(one, other, codes));
}

function toCase(pool: Pool, trend: PoolTrend | undefined, findings: readonly Finding[]): Case {
  const ends = endsOf(pool, trend);
  const known: Level = pool.state === undefined ? 'unknown' : 'well';
  const level = worst([
    known,
    soon(ends.filter((end) => !isExtendedBefore(end, pool))),
    ...findings.map(levelOf),
  ]);
  return { pool, trend, findings, ends, level };
}

function soon([first]: readonly End[]): Level {
  if (first === undefined || first.seconds > hoursSeconds) return 'well';
  return first.seconds > minutesSeconds ? 'warning' : 'critical';
}

function compare(one: Case, other: Case, codes: readonly string[]): number {
  const keys = [one, other].map((each) => [
    levels.indexOf(each.level),
    rankOf(each, codes),
    each.ends[0]?.seconds ?? Number.MAX_SAFE_INTEGER,
    -fullness(each.pool),
  ]);
  const [mine = [], others = []] = keys;
  const difference = mine.map((key, at) => key - (others[at] ?? 0)).find((value) => value !== 0);
  return difference ?? one.pool.name.localeCompare(other.pool.name, 'en');
}

/** The rank of its worst finding; notes do not count. Pools with the same finding are ordered by time left. */
function rankOf({ findings }: Case, codes: readonly string[]): number {
  const [first] = findings;
  if (first === undefined || first.severity === 'info') return Number.MAX_SAFE_INTEGER;
  return codes.indexOf(first.code);
}

function fullness({ data, metadata }: Pool): number {
  return Math.max(
    ...[data, metadata].map((space) => (space === undefined ? 0 : space.usedBytes / space.sizeBytes)),
  );
}
