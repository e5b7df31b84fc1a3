import type { Host } from '../model/host.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { FastPolling, Pool } from '../model/pool.ts';
import type { PoolTrend } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { identityOf } from '../thinpool/identity.ts';
import { type EventTimes, eventHoldsMs, isWithin } from './recent-events.ts';
import { timeLeftMs } from './time-left.ts';

/** A pool that is polled faster than configured, and why. Times are Unix ms. */
interface FastPolled {
  readonly since: number;
  readonly intervalMs: number;
  readonly eventAt?: number;
  /** When it last filled fast enough for that. */
  readonly fillingAt?: number;
}

/** By the identity of the pool: another pool may get the same name later. */
export type FastPolledPools = ReadonlyMap<string, FastPolled>;

export const noFastPolledPools: FastPolledPools = new Map();

export interface Demands {
  readonly host: Host;
  /** In the order of the host's pools. */
  readonly trends: readonly PoolTrend[];
  readonly events: EventTimes;
  /** Maximum number of pools. */
  readonly max: number;
}

const shortestMs = secondMs;
/** Number of polls in the time that a pool has left. */
const readingsInTimeLeft = 20;

/** Fast polling starts when a pool could be full within this many of its usual intervals. */
const beginsIntervals = 6;
/** It ends when the pool could not be full within this many: writes come in bursts, and the pace should not flap. */
const endsIntervals = 12;
const fillingHoldsMs = 30 * secondMs;

/** Long enough to see the consequence of an event. */
const slotMs = 10 * secondMs;

/**
 * Selects the pools for fast polling: those with an event, then those with the least time left, at most `max`. A pool keeps
 * its place for at least ten seconds: taking turns would poll as often as having no limit.
 */
export function planFastPolling(
  before: FastPolledPools,
  { host, trends, events, max }: Demands,
): FastPolledPools {
  const now = host.takenAt;
  const usualMs = host.collectors.find(({ name }) => name === 'pools')?.intervalMs ?? shortestMs;
  const wanted = host.pools.flatMap((pool, at) => {
    const identity = identityOf(pool);
    const old = before.get(identity);
    const leftMs = timeLeftMs(pool, trends[at]);
    const watched = fastPollingOf(old, {
      eventAt: pool.device === undefined ? undefined : events.get(pool.device),
      leftMs,
      usualMs,
      now,
    });
    return watched === undefined ? [] : [{ identity, watched, rank: rankOf(old, watched, leftMs, now) }];
  });
  wanted.sort((one, other) => one.rank - other.rank);
  return new Map(wanted.slice(0, max).map(({ identity, watched }) => [identity, watched]));
}

interface Signs {
  readonly eventAt: number | undefined;
  readonly leftMs: number;
  readonly usualMs: number;
  readonly now: number;
}

function fastPollingOf(
  old: FastPolled | undefined,
  { eventAt, leftMs, usualMs, now }: Signs,
): FastPolled | undefined {
  const isEvent = isWithin(eventAt, eventHoldsMs, now);
  const intervals = old?.fillingAt === undefined ? beginsIntervals : endsIntervals;
  const isFilling = usualMs > shortestMs && leftMs <= intervals * usualMs;
  const fillingAt = isFilling ? now : old?.fillingAt;
  if (!isEvent && !isWithin(fillingAt, fillingHoldsMs, now)) return undefined;
  // Whole seconds, because the exporter checks once a second what is due.
  const paceMs = Math.floor(leftMs / readingsInTimeLeft / secondMs) * secondMs;
  const intervalMs = isEvent ? shortestMs : Math.max(shortestMs, paceMs);
  return omitUndefined({
    since: old?.since ?? now,
    intervalMs: Math.min(intervalMs, old?.intervalMs ?? usualMs),
    eventAt: isEvent ? eventAt : undefined,
    fillingAt,
  });
}

/** The lowest rank comes first. */
function rankOf(old: FastPolled | undefined, { eventAt }: FastPolled, leftMs: number, now: number): number {
  if (isWithin(old?.since, slotMs, now)) return -1;
  return eventAt === undefined ? leftMs : 0;
}

export function markFastPolled(host: Host, watches: FastPolledPools): Host {
  if (watches.size === 0) return host;
  const pools = host.pools.map((pool) => markPool(pool, watches.get(identityOf(pool)), host.takenAt));
  return { ...host, pools };
}

function markPool(pool: Pool, watched: FastPolled | undefined, now: number): Pool {
  if (watched === undefined) return pool;
  const { eventAt, intervalMs } = watched;
  const why = isWithin(watched.fillingAt, fillingHoldsMs, now) ? 'filling' : 'event';
  const fastPolling: FastPolling = omitUndefined({ why, eventAt, intervalMs } as const);
  return { ...pool, fastPolling };
}
