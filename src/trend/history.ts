import type { Host } from '../model/host.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Pool, Resource } from '../model/pool.ts';
import type { PoolTrend, SpaceTrend } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { identityOf } from '../thinpool/identity.ts';
import { minimumFreeOf } from '../thinpool/minimum-free.ts';
import { describeSpace, type SpaceHistory, updateSpace } from './space.ts';
import { updateVolumes, type VolumeHistory } from './volume-growth.ts';

/** The history of every pool, by the identity of the pool: another pool may get the same name later. */
export type History = ReadonlyMap<string, PoolHistory>;

interface PoolHistory {
  readonly lastSeenAt: number;
  readonly data?: SpaceHistory;
  readonly metadata?: SpaceHistory;
  readonly volumes?: VolumeHistory;
}

export const noHistory: History = new Map();

/** A pool may be absent for a while: LVM deactivates it to change it, and administrators stop it. */
const keptMs = 600 * secondMs;

/** Adds a host snapshot to the history. Data that is already in it costs nothing. */
export function updateHistory(before: History, host: Host): History {
  const after = new Map(
    host.pools.map((pool) => {
      const identity = identityOf(pool);
      return [identity, updatePool(before.get(identity), pool, host.takenAt)];
    }),
  );
  for (const [identity, old] of before) {
    const isGone = !after.has(identity);
    if (isGone && host.takenAt - old.lastSeenAt <= keptMs) after.set(identity, breakOffPool(old));
  }
  return after;
}

function updatePool(before: PoolHistory | undefined, pool: Pool, now: number): PoolHistory {
  const { data, metadata, statusTakenAt, volumes, volumesTakenAt } = pool;
  return omitUndefined({
    lastSeenAt: now,
    data: updateSpace(before?.data, data, statusTakenAt),
    metadata: updateSpace(before?.metadata, metadata, statusTakenAt),
    volumes: updateVolumes(before?.volumes, volumes, volumesTakenAt),
  });
}

/** What is kept of the history of a pool from one run of a command to the next: its space, without its volumes. */
export interface SavedPool {
  readonly lastSeenAt: number;
  readonly data?: Pick<SpaceHistory, 'points'>;
  readonly metadata?: Pick<SpaceHistory, 'points'>;
}

export function saveHistory(history: History): readonly (readonly [string, SavedPool])[] {
  return [...history].map(([identity, { lastSeenAt, data, metadata }]) => [
    identity,
    omitUndefined({
      lastSeenAt,
      data: data && { points: data.points },
      metadata: metadata && { points: metadata.points },
    }),
  ]);
}

/** Growth is measured again with the next poll. */
export function restoreHistory(saved: readonly (readonly [string, SavedPool])[]): History {
  const restore = (space: SavedPool['data']): SpaceHistory | undefined =>
    space && { points: space.points, broken: false };
  return new Map(
    saved.map(([identity, { lastSeenAt, data, metadata }]) => [
      identity,
      omitUndefined({ lastSeenAt, data: restore(data), metadata: restore(metadata) }),
    ]),
  );
}

/** Nothing is known of the time since: no line leads over it. */
export function breakOff(before: History): History {
  return new Map([...before].map(([identity, pool]) => [identity, breakOffPool(pool)]));
}

function breakOffPool({ lastSeenAt, data, metadata }: PoolHistory): PoolHistory {
  return omitUndefined({
    lastSeenAt,
    data: updateSpace(data, undefined, undefined),
    metadata: updateSpace(metadata, undefined, undefined),
  });
}

/** In the order of the pools of the host. */
export function describeTrends(history: History, host: Host): readonly PoolTrend[] {
  return host.pools.map((pool) => {
    const own = history.get(identityOf(pool));
    const trendOf = (resource: Resource): SpaceTrend | undefined =>
      own?.[resource] && describeSpace(own[resource], pool[resource], minimumFreeOf(pool, resource));
    return omitUndefined({
      pool: pool.name,
      data: trendOf('data'),
      metadata: trendOf('metadata'),
      fastest: own?.volumes?.fastest ?? [],
    });
  });
}
