import type { ExclusiveSpace, ExclusiveState, MeasuredPool } from '../model/exclusive.ts';
import { memoizePer } from '../model/memoize.ts';
import type { Pool, Volume } from '../model/pool.ts';

/**
 * Whether a pool is the one of a record. LVM's UUID survives a restart of the host; a pool without one is known by its name
 * and number, which are those of one boot.
 */
export function isSamePool(
  pool: Pick<Pool, 'dmName' | 'uuid' | 'device'>,
  measured: MeasuredPool,
  bootId: string | undefined,
): boolean {
  const [uuid, recorded] = [pool.uuid ?? '', measured.uuid ?? ''];
  if (uuid !== '' || recorded !== '') return uuid === recorded;
  return pool.dmName === measured.dmName && pool.device === measured.device && bootId === measured.bootId;
}

/** What was measured of a pool. */
export interface PoolExclusive {
  readonly takenAt: number;
  /** Undefined for a volume that is newer. `createdAt`: when LVM made it, Unix ms, if that is known. */
  readonly bytesOf: (
    volume: Pick<Volume, 'deviceId' | 'createdAfter'>,
    createdAt?: number,
  ) => number | undefined;
}

const blocksOf = memoizePer(
  ({ volumes }: ExclusiveSpace): ReadonlyMap<number, number> =>
    new Map(volumes.map(({ deviceId, exclusiveBlocks }) => [deviceId, exclusiveBlocks])),
);

/** Undefined if the pool was not measured, or made anew since. */
export function exclusiveOf(pool: Pool, state: ExclusiveState | undefined): PoolExclusive | undefined {
  const space = state?.spaces.find((one) => isSamePool(pool, one, one.bootId));
  if (space === undefined) return undefined;
  const { takenAt } = space;
  // An activation makes the device anew, but not the pool that LVM knows.
  if (space.uuid === undefined && (pool.createdAfter ?? 0) > takenAt) return undefined;
  const blocks = blocksOf(space);
  return {
    takenAt,
    bytesOf: ({ deviceId = -1, createdAfter = 0 }, createdAt = createdAfter) => {
      // The id of a volume that was removed is used again.
      if (createdAt > takenAt) return undefined;
      const found = blocks.get(deviceId);
      return found === undefined ? undefined : found * space.blockBytes;
    },
  };
}
