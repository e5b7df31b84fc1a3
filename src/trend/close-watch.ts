import type { CloseWatch, Host, Pool } from '../model/host.ts';
import { identityOf } from '../model/identity.ts';
import { known } from '../model/known.ts';
import { secondMs } from '../model/units.ts';
import { type EventTimes, eventHoldsMs, isWithin } from './event-times.ts';

/** Why a pool is read more often than configured, and since when. */
interface Watched extends Pick<CloseWatch, 'why' | 'eventAt'> {
  readonly since: number;
}

/** The pools that are, by what makes them these pools and no other ones of their names. */
export type Watches = ReadonlyMap<string, Watched>;

export const noWatches: Watches = new Map();

/** From one reading to the next of a pool that is watched closely. */
const closeIntervalMs = secondMs;

/** Long enough to see what an event leads to. */
const placeMs = 10 * secondMs;

/**
 * Which pools are watched closely, `max` at most. None is put off its place within ten seconds: pools that took turns
 * would be read as often as if there were places for all.
 */
export function followWatches(before: Watches, host: Host, events: EventTimes, max: number): Watches {
  const wanted = host.pools.flatMap((pool) => {
    const identity = identityOf(pool);
    const old = before.get(identity);
    const watched = followPool(old, events.get(pool.device), host.takenAt);
    return watched === undefined ? [] : [{ identity, watched, rank: rankOf(old, host.takenAt) }];
  });
  wanted.sort((one, other) => one.rank - other.rank);
  return new Map(wanted.slice(0, max).map(({ identity, watched }) => [identity, watched]));
}

function followPool(old: Watched | undefined, eventAt: number | undefined, now: number): Watched | undefined {
  if (!isWithin(eventAt, eventHoldsMs, now)) return undefined;
  return known({ since: old?.since ?? now, why: 'event' as const, eventAt });
}

/** The least first. */
function rankOf(old: Watched | undefined, now: number): number {
  return isWithin(old?.since, placeMs, now) ? 0 : 1;
}

/** The host with its pools marked. */
export function markWatches(host: Host, watches: Watches): Host {
  if (watches.size === 0) return host;
  const pools = host.pools.map((pool) => markPool(pool, watches.get(identityOf(pool))));
  return { ...host, pools };
}

function markPool(pool: Pool, watched: Watched | undefined): Pool {
  if (watched === undefined) return pool;
  const { why, eventAt } = watched;
  return { ...pool, closeWatch: known({ why, eventAt, intervalMs: closeIntervalMs }) };
}
