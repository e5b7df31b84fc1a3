import type { BlockDevice } from '../model/facts.ts';
import { type ActivePool, isActive, type Pool } from '../model/pool.ts';
import { whySick } from '../safety/sick.ts';

/**
 * While a metadata snapshot is held, the metadata that changes is written anew, and the old is kept. This much of it must
 * be free.
 */
const metadataFreeMin = 0.25;

/** Why the pool is not measured now, as a clause; undefined if it may be. Pools without a device have nothing to measure. */
export function whyNotMeasured(pool: ActivePool): string | undefined {
  const { counters, metadata, table } = pool;
  const sick = whySick(pool);
  if (sick !== undefined) return sick;
  if (counters?.mode !== 'rw' || table.features.includes('read_only'))
    return `pool ${pool.name} is not writable`;
  if (metadata === undefined || metadata.freeBytes < metadataFreeMin * metadata.sizeBytes)
    return `less than ${100 * metadataFreeMin}% of the metadata of pool ${pool.name} is free`;
  return undefined;
}

export function measurable(pools: readonly Pool[]): readonly ActivePool[] {
  return pools.filter((pool): pool is ActivePool => isActive(pool) && pool.volumeCount > 0);
}

/** The node of the pool's metadata device: by its kernel name, which is there without udev, too. */
export function metadataPathOf(
  { table }: ActivePool,
  blockDevices: readonly BlockDevice[],
): string | undefined {
  const name = blockDevices.find(({ device }) => device === table.metadataDevice)?.name;
  return name === undefined ? undefined : `/dev/${name.replaceAll('!', '/')}`;
}
