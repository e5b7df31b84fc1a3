import { type Finding, type PendingFinding, type Severity, type Target, targets } from '../model/finding.ts';
import type { Snapshot } from '../model/host.ts';
import { isActive, type Pool, type Resource, resources } from '../model/pool.ts';
import type { PoolTrend } from '../model/trend.ts';
import { type TimeLeft, timesLeft } from '../thinpool/forecast.ts';
import { bytesLeft } from '../thinpool/space-left.ts';
import { willBeExtended } from '../thinpool/will-be-extended.ts';
import { growthOver } from './running-out.ts';
import { hoursStages, levelOf } from './stages.ts';
import { thresholds } from './thresholds.ts';

/** How urgent something is, most urgent first. */
export const urgencies = ['critical', 'warning', 'unknown', 'pending', 'filling', 'healthy'] as const;
export type Urgency = (typeof urgencies)[number];

/** A pool with everything that is judged of it. */
export interface RankedPool {
  readonly pool: Pool;
  readonly trend: PoolTrend | undefined;
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** Worst first. */
  readonly pending: readonly PendingFinding[];
  /** Soonest first. */
  readonly timesLeft: readonly TimeLeft[];
  readonly urgency: Urgency;
}

export type Judged = Pick<Snapshot, 'findings' | 'pending' | 'trends'>;

const urgencyOfSeverity: Readonly<Record<Severity, Urgency>> = {
  critical: 'critical',
  warning: 'warning',
  info: 'healthy',
};

export function urgencyOf({ severity }: Pick<Finding, 'severity'>): Urgency {
  return urgencyOfSeverity[severity];
}

/** A pending note changes nothing, as a note does not. */
export function urgencyOfPending({ severity }: Pick<Finding, 'severity'>): Urgency {
  return severity === 'info' ? 'healthy' : 'pending';
}

export function worst(some: readonly Urgency[]): Urgency {
  return urgencies.find((urgency) => some.includes(urgency)) ?? 'healthy';
}

/**
 * The pools, most urgent first, in the same order wherever they are listed: by the severity of the worst finding, then by the time
 * left to the nearest limit, then by the share left.
 */
export function rankPools(pools: readonly Pool[], judged: Judged): readonly RankedPool[] {
  return pools
    .map((pool) => rankPool(pool, judged))
    .map((ranked) => ({ ranked, keys: keysOf(ranked) }))
    .sort((one, other) => compare(one.keys, other.keys) || compareNames(one.ranked, other.ranked))
    .map(({ ranked }) => ranked);
}

function rankPool(pool: Pool, judged: Judged): RankedPool {
  const trend = judged.trends.find((one) => one.pool === pool.name);
  const findings = judged.findings.filter((finding) => finding.pool === pool.name);
  const pending = judged.pending.filter((finding) => finding.pool === pool.name);
  const times = timesLeft(pool, judged);
  const urgency = worst([
    isKnown(pool) ? 'healthy' : 'unknown',
    ...findings.map(urgencyOf),
    ...pending.map(urgencyOfPending),
    isFilling(pool, times, trend) ? 'filling' : 'healthy',
  ]);
  return { pool, trend, findings, pending, timesLeft: times, urgency };
}

/** Whether it matters that a pool is not active, a finding says. */
function isKnown({ state, data, presence }: Pool): boolean {
  return state !== undefined || data !== undefined || presence === 'inactive';
}

/** Hours are left, and LVM will not extend the pool. Prometheus may page for that, which the exporter does not see. */
function isFilling(pool: Pool, times: readonly TimeLeft[], trend: PoolTrend | undefined): boolean {
  return resources
    .filter((resource) => !willBeExtended(pool, resource))
    .some(
      (resource) =>
        times.some((timeLeft) => timeLeft.resource === resource && isNear(timeLeft)) ||
        targets.some((target) => mayPage(pool, resource, target, trend)),
    );
}

function isNear({ seconds, isRough }: TimeLeft): boolean {
  return isRough !== true && seconds <= thresholds.hoursHorizon.value;
}

/** As the rules judge a fill over an hour, also one in steps, which no forecast shows. Their longer windows are left out. */
function mayPage(pool: Pool, resource: Resource, target: Target, trend: PoolTrend | undefined): boolean {
  const left = bytesLeft(pool, resource, target);
  const [space, points] = [pool[resource], trend?.[resource]?.points];
  if (left === undefined || space === undefined || points === undefined) return false;
  return hoursStages
    .filter(({ severity }) => severity === 'critical')
    .flatMap(({ trends }) => trends)
    .some((stage) => {
      const level = levelOf(stage, resource, target);
      const isLow = level !== undefined && left / space.sizeBytes < thresholds[level].value;
      const seconds = left / growthOver(points, 'hourWindow');
      return isLow && stage.windows.includes('hourWindow') && seconds < thresholds[stage.horizon].value;
    });
}

function keysOf(ranked: RankedPool): readonly number[] {
  const [nearest] = ranked.timesLeft.filter(({ isRough }) => isRough !== true);
  return [
    // A pool that is filling is found by its time left.
    urgencies.indexOf(ranked.urgency === 'filling' ? 'healthy' : ranked.urgency),
    nearest?.seconds ?? Number.MAX_SAFE_INTEGER,
    shareLeft(ranked),
  ];
}

/** Of the resource that has less. What is not known counts as nothing, except in a pool with which all is well. */
function shareLeft({ pool, urgency }: RankedPool): number {
  const unknown = urgency === 'healthy' || !isActive(pool) ? 1 : 0;
  return Math.min(
    ...resources.map((resource) => {
      const space = pool[resource];
      return space === undefined ? unknown : 1 - space.usedBytes / space.sizeBytes;
    }),
  );
}

function compare(keys: readonly number[], others: readonly number[]): number {
  return keys.map((key, at) => key - (others[at] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

function compareNames(one: RankedPool, other: RankedPool): number {
  return one.pool.name.localeCompare(other.pool.name, 'en');
}
