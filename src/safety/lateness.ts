import type { Host } from '../model/host.ts';
import type { Lateness, Pool } from '../model/pool.ts';
import type { QuestionState, SourceState } from '../model/source-state.ts';
import { secondMs } from '../model/units.ts';

const degrees = ['slow', 'overdue', 'stuck'] as const;

/** On a healthy pool a query takes a tenth of a second, so this is suspicious long before the deadline. */
export const suspiciousMs = secondMs;

/** Marks the pools that have a slow, overdue or stuck query. */
export function markLate(host: Host, now: number): Host {
  const late = new Map<string, Lateness>();
  for (const source of host.sources) {
    for (const question of source.questions) {
      const lateness = latenessOf(source, question, now);
      const before = question.about === undefined ? undefined : late.get(question.about);
      if (question.about === undefined || lateness === undefined) continue;
      if (before === undefined || degrees.indexOf(lateness.degree) > degrees.indexOf(before.degree))
        late.set(question.about, lateness);
    }
  }
  if (late.size === 0) return host;
  return { ...host, pools: host.pools.map((pool) => markPool(pool, late.get(pool.dmName))) };
}

function markPool(pool: Pool, late: Lateness | undefined): Pool {
  return late === undefined ? pool : { ...pool, late };
}

function latenessOf(source: SourceState, question: QuestionState, now: number): Lateness | undefined {
  if (question.stuckSince !== undefined)
    return { source: source.name, since: question.stuckSince, degree: 'stuck' };
  const { startedAt, lastSuccessAt } = question;
  if (startedAt === undefined) return undefined;
  if ((underWayMs(question, now) ?? 0) > suspiciousMs)
    return { source: source.name, since: startedAt, degree: 'slow' };
  if (question.outcome === 'timed-out') return { source: source.name, since: startedAt, degree: 'overdue' };
  const limit = source.maxAgeMs - 2 * source.intervalMs;
  const since = lastSuccessAt ?? startedAt;
  const failed = question.outcome !== undefined && question.outcome !== 'ok';
  return failed && now - since > limit ? { source: source.name, since, degree: 'overdue' } : undefined;
}

/** How long the query has been running, in ms; undefined if it is not running or past its deadline. */
export function underWayMs(
  { startedAt, finishedAt }: Pick<QuestionState, 'startedAt' | 'finishedAt'>,
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

/** Whether a query of the pool has finished, successfully or not. */
export function wasAsked(host: Host, dmName: string): boolean {
  return host.sources.some((source) =>
    source.questions.some((question) => question.about === dmName && question.finishedAt !== undefined),
  );
}
