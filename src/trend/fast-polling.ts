import type { Host } from '../model/host.ts';
import { known } from '../model/omit-undefined.ts';
import type { CloseWatch, Pool } from '../model/pool.ts';
import type { PoolTrend } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { identityOf } from '../thinpool/identity.ts';
import { type EventTimes, eventHoldsMs, isWithin } from './recent-events.ts';
import { timeLeftMs } from './time-left.ts';

/** A pool that is read more often than configured, and why. Times are Unix ms. */
interface Watched {
  readonly since: number;
  readonly intervalMs: number;
  readonly eventAt?: number;
  /** When it was last seen to fill so fast. */
  readonly fillingAt?: number;
}

/** The pools that are, by what makes them these pools and no other ones of their names. */
export type Watches = ReadonlyMap<string, Watched>;

export const noWatches: Watches = new Map();

export interface Demands {
  readonly host: Host;
  /** In the order of the host's pools. */
  readonly trends: readonly PoolTrend[];
  readonly events: EventTimes;
  /** Pools at once. */
  readonly max: number;
}

const shortestMs = secondMs;
/** Of the time that a pool has left, the part from one reading to the next. */
const readingsInTimeLeft = 20;

/** A pool is watched closely that could be full within so many of its usual intervals. */
const beginsIntervals = 6;
/** And until it could not within so many: writes come in bursts, and a pace that flaps is no pace. */
const endsIntervals = 12;
const fillingHoldsMs = 30 * secondMs;

/** Long enough to see what an event leads to. */
const placeMs = 10 * secondMs;

/**
 * Which pools are watched closely: those of an event, then those that have the least time left, `max` at most. None is
 * put off its place within ten seconds: pools that took turns would be read as often as if there were places for all.
 */
export function followWatches(before: Watches, { host, trends, events, max }: Demands): Watches {
  const now = host.takenAt;
  const usualMs = host.sources.find(({ name }) => name === 'pools')?.intervalMs ?? shortestMs;
  const wanted = host.pools.flatMap((pool, at) => {
    const identity = identityOf(pool);
    const old = before.get(identity);
    const leftMs = timeLeftMs(pool, trends[at]);
    const watched = followPool(old, {
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

function followPool(old: Watched | undefined, { eventAt, leftMs, usualMs, now }: Signs): Watched | undefined {
  const isEvent = isWithin(eventAt, eventHoldsMs, now);
  const intervals = old?.fillingAt === undefined ? beginsIntervals : endsIntervals;
  const isFilling = usualMs > shortestMs && leftMs <= intervals * usualMs;
  const fillingAt = isFilling ? now : old?.fillingAt;
  if (!isEvent && !isWithin(fillingAt, fillingHoldsMs, now)) return undefined;
  // Whole seconds, as that is how often the exporter asks what is due.
  const paceMs = Math.floor(leftMs / readingsInTimeLeft / secondMs) * secondMs;
  const intervalMs = isEvent ? shortestMs : Math.max(shortestMs, paceMs);
  return known({
    since: old?.since ?? now,
    intervalMs: Math.min(intervalMs, old?.intervalMs ?? usualMs),
    eventAt: isEvent ? eventAt : undefined,
    fillingAt,
  });
}

/** The least first. */
function rankOf(old: Watched | undefined, { eventAt }: Watched, leftMs: number, now: number): number {
  if (isWithin(old?.since, placeMs, now)) return -1;
  return eventAt === undefined ? leftMs : 0;
}

/** The host with its pools marked. */
export function markWatches(host: Host, watches: Watches): Host {
  if (watches.size === 0) return host;
  const pools = host.pools.map((pool) => markPool(pool, watches.get(identityOf(pool)), host.takenAt));
  return { ...host, pools };
}

function markPool(pool: Pool, watched: Watched | undefined, now: number): Pool {
  if (watched === undefined) return pool;
  const { eventAt, intervalMs } = watched;
  const why = isWithin(watched.fillingAt, fillingHoldsMs, now) ? 'filling' : 'event';
  const closeWatch: CloseWatch = known({ why, eventAt, intervalMs } as const);
  return { ...pool, closeWatch };
}
