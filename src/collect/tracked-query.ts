import type { CachedFacts } from '../assemble/cached-facts.ts';
import type { Collector, CollectorTiming, Query } from '../collectors/collector.ts';
import {
  type CollectorState,
  type FailureReason,
  failureReasons,
  type Outcome,
  type QueryState,
} from '../model/collector-state.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { Slots } from './concurrency.ts';
import type { LastRead } from './run-query.ts';

export type CollectorMode = 'auto' | 'on' | 'off';

/** A collector with its configuration. */
export interface ConfiguredCollector {
  readonly collector: Collector;
  readonly mode: CollectorMode;
  readonly settings: CollectorTiming;
}

/** The state of one query over time. */
export interface TrackedQuery {
  query: Query;
  /** False once the query has been dropped; the record then only waits for its child to exit. */
  wanted: boolean;
  /** Its facts count: it is wanted, or its facts outlive it while the pool that it is about exists. */
  isServed: boolean;
  variant: number;
  startedAt?: number;
  /** When it first ran, Unix ms. */
  firstStartedAt?: number;
  /** The command that ran last, to detect that the query has changed. */
  startedInputs?: string;
  /** For a query with `after`: when the run that it followed was started, Unix ms. */
  followedStartedAt?: number | undefined;
  /** Why it does not run although it is due: too many commands hang. */
  skippedBy?: string;
  /** Children of the latest run may be alive. */
  busy: boolean;
  finishedAt?: number;
  lastSuccessAt?: number;
  lastDurationMs?: number;
  /** As in `QueryState`. */
  sleptMs?: number;
  /** It was read before the process stood still, or the clock was set: it is due. */
  isStale?: boolean;
  outcome?: Outcome;
  failure?: string;
  cached?: CachedFacts;
  /** Raw output only if configured: it may be large, and contains names. */
  lastRead?: LastRead;
}

/** The state of one collector: its queries and counters. */
export interface TrackedCollector {
  configured: ConfiguredCollector;
  readonly queries: Map<string, TrackedQuery>;
  /** Its own slots, taken before those that all collectors share. */
  readonly slots: Slots;
  finishedQueries: number;
  readonly failures: Record<FailureReason, number>;
}

export function trackCollector(configured: ConfiguredCollector): TrackedCollector {
  const failures = Object.fromEntries(failureReasons.map((reason) => [reason, 0]));
  return {
    configured,
    queries: new Map(),
    slots: new Slots(configured.collector.maxConcurrent ?? Number.POSITIVE_INFINITY),
    finishedQueries: 0,
    failures: failures as Record<FailureReason, number>,
  };
}

/** The age limit of facts: three intervals and a timeout. */
export function maxAgeMs(settings: CollectorTiming): number {
  return 3 * settings.intervalMs + settings.timeoutMs;
}

/** Failures that mean that there is nothing to read on this host. */
const absences: readonly Outcome[] = ['not-installed', 'unavailable'];

/** Time for a child to exit after the signals sent at its deadline. One that lives longer is stuck. */
export const exitGraceMs = 1000;

export function describeCollector(trackedCollector: TrackedCollector, now: number): CollectorState {
  const { configured, queries: trackedQueries, finishedQueries, failures } = trackedCollector;
  const queries = [...trackedQueries.values()]
    .filter(({ wanted, busy }) => wanted || busy)
    .map((trackedQuery) => describeQuery(trackedQuery, configured.settings, now));
  const polled = queries.filter(({ rests }) => rests !== true);
  return omitUndefined({
    name: configured.collector.name,
    mode: configured.mode,
    discovers: configured.collector.discovers === true,
    status: statusOf(configured.mode, polled),
    intervalMs: configured.settings.intervalMs,
    maxAgeMs: maxAgeMs(configured.settings),
    queries,
    lastSuccessAt: least(polled.map((query) => query.lastSuccessAt)),
    lastDurationMs: most(polled.map((query) => query.lastDurationMs)),
    stuckSince: least(queries.map((query) => query.stuckSince)),
    blocked: queries.find((query) => query.blocked !== undefined)?.blocked,
    finishedQueries,
    failures: { ...failures },
  });
}

function least(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce(
    (low, value) => (low === undefined || (value !== undefined && value < low) ? value : low),
    undefined,
  );
}

function most(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce(
    (high, value) => (high === undefined || (value !== undefined && value > high) ? value : high),
    undefined,
  );
}

function statusOf(mode: CollectorMode, queries: readonly QueryState[]): CollectorState['status'] {
  if (mode === 'off') return 'off';
  // Also if the query has been blocked since: a stuck child is the usual reason for that.
  if (queries.some((query) => query.stuckSince !== undefined)) return 'failed';
  const unblocked = queries.filter((query) => query.blocked === undefined);
  if (unblocked.length === 0) return queries.length === 0 ? 'ok' : 'blocked';
  if (unblocked.some((query) => isFailed(query, mode))) return 'failed';
  if (unblocked.every((query) => query.outcome !== undefined && absences.includes(query.outcome)))
    return 'absent';
  return unblocked.some((query) => query.outcome === undefined) ? 'pending' : 'ok';
}

/** Whether the latest run of a query failed, and did not just find that there is nothing to read on this host. */
export function isFailed(query: Pick<QueryState, 'outcome' | 'lastSuccessAt'>, mode: CollectorMode): boolean {
  if (query.outcome === undefined || query.outcome === 'ok') return false;
  // What worked before and is gone now is a failure, not an absence.
  return mode === 'on' || !absences.includes(query.outcome) || query.lastSuccessAt !== undefined;
}

/** Since when a finished run has had a living child, Unix ms. A query with `killGraceMs` has until its next interval. */
export function stuckSince(
  { busy, startedAt, finishedAt, query }: TrackedQuery,
  { intervalMs }: CollectorTiming,
  now: number,
): number | undefined {
  const isOver = startedAt !== undefined && finishedAt !== undefined && finishedAt >= startedAt;
  const graceMs = query.killGraceMs === undefined ? exitGraceMs : intervalMs;
  return busy && isOver && now - finishedAt >= graceMs ? startedAt : undefined;
}

/** Leaves out of all ages what passed between two moments, in which nothing was tried. */
export function skipTime(trackedQuery: TrackedQuery, from: number, to: number): void {
  const ms = to - from;
  const { cached, startedAt, finishedAt, lastSuccessAt, firstStartedAt } = trackedQuery;
  const isUnderWay = trackedQuery.busy && (finishedAt === undefined || (startedAt ?? 0) > finishedAt);
  // A clock that was set back must not leave times in the future.
  const isPast = (at: number): number => Math.min(at, to);
  if (cached !== undefined)
    trackedQuery.cached = {
      ...cached,
      takenAt: isPast(cached.takenAt),
      ...(cached.finishedAt === undefined ? {} : { finishedAt: isPast(cached.finishedAt) }),
      expiresAt: cached.expiresAt + ms,
    };
  if (startedAt !== undefined) trackedQuery.startedAt = isPast(isUnderWay ? startedAt + ms : startedAt);
  if (finishedAt !== undefined)
    trackedQuery.finishedAt = isPast(trackedQuery.busy ? finishedAt + ms : finishedAt);
  if (lastSuccessAt !== undefined) trackedQuery.lastSuccessAt = isPast(lastSuccessAt);
  if (firstStartedAt !== undefined) trackedQuery.firstStartedAt = isPast(firstStartedAt);
  if (lastSuccessAt !== undefined && ms > 0) trackedQuery.sleptMs = (trackedQuery.sleptMs ?? 0) + ms;
  trackedQuery.isStale = true;
}

function describeQuery(trackedQuery: TrackedQuery, settings: CollectorTiming, now: number): QueryState {
  const { query, startedAt, finishedAt, lastSuccessAt, lastDurationMs, sleptMs, outcome, failure } =
    trackedQuery;
  return omitUndefined({
    key: query.key,
    about: query.about,
    startedAt,
    finishedAt,
    lastSuccessAt,
    lastDurationMs,
    sleptMs,
    stuckSince: stuckSince(trackedQuery, settings, now),
    blocked: trackedQuery.wanted ? (query.blockedBy ?? trackedQuery.skippedBy) : undefined,
    isSkipped: trackedQuery.skippedBy === undefined ? undefined : (true as const),
    note: query.note,
    rests: query.rests,
    outcome,
    failure,
    variant: query.variants[trackedQuery.variant]?.name,
  });
}
