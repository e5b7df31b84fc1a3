import type { CollectorState, QueryState } from '../model/collector-state.ts';
import type { Host } from '../model/host.ts';
import type { Lateness, Pool } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';

const degrees = ['slow', 'overdue', 'stuck'] as const;

/** On a healthy pool a query takes a tenth of a second, so this is suspicious long before the deadline. */
export const slowAfterMs = secondMs;

/** Marks the pools that have a slow, overdue or stuck query. */
export function markLate(host: Host, now: number): Host {
  const late = new Map<string, Lateness>();
  for (const collector of host.collectors) {
    for (const query of collector.queries) {
      const lateness = latenessOf(collector, query, now);
      const before = query.about === undefined ? undefined : late.get(query.about);
      if (query.about === undefined || lateness === undefined) continue;
      if (before === undefined || degrees.indexOf(lateness.degree) > degrees.indexOf(before.degree))
        late.set(query.about, lateness);
    }
  }
  if (late.size === 0) return host;
  return { ...host, pools: host.pools.map((pool) => markPool(pool, late.get(pool.dmName))) };
}

function markPool(pool: Pool, late: Lateness | undefined): Pool {
  return late === undefined ? pool : { ...pool, late };
}

function latenessOf(collector: CollectorState, query: QueryState, now: number): Lateness | undefined {
  if (query.stuckSince !== undefined)
    return { collector: collector.name, since: query.stuckSince, degree: 'stuck' };
  const { startedAt, lastSuccessAt } = query;
  if (startedAt === undefined) return undefined;
  if ((runningForMs(query, now) ?? 0) > slowAfterMs)
    return { collector: collector.name, since: startedAt, degree: 'slow' };
  if (query.outcome === 'timed-out')
    return { collector: collector.name, since: startedAt, degree: 'overdue' };
  const limit = collector.maxAgeMs - 2 * collector.intervalMs;
  const since = lastSuccessAt ?? startedAt;
  const failed = query.outcome !== undefined && query.outcome !== 'ok';
  const sleptMs = query.sleptMs ?? 0;
  return failed && now - since - sleptMs > limit
    ? { collector: collector.name, since, degree: 'overdue' }
    : undefined;
}

/** How long the query has been running, in ms; undefined if it is not running or past its deadline. */
export function runningForMs(
  { startedAt, finishedAt }: Pick<QueryState, 'startedAt' | 'finishedAt'>,
  now: number,
): number | undefined {
  if (startedAt === undefined) return undefined;
  const isOver = finishedAt !== undefined && finishedAt >= startedAt;
  return isOver ? undefined : now - startedAt;
}

/** A query of the pool missed its deadline; one that is only slow may still meet it. */
export function isOverdue({ late }: Pick<Pool, 'late'>): boolean {
  return late !== undefined && late.degree !== 'slow';
}

/** Whether a query of the pool has finished, successfully or not, or is skipped, so that it may never be. */
export function wasRead(host: Host, dmName: string): boolean {
  return host.collectors.some((collector) =>
    collector.queries.some(
      (query) => query.about === dmName && (query.finishedAt !== undefined || query.isSkipped === true),
    ),
  );
}
