import { isActive, type Pool } from '../model/pool.ts';

/**
 * Used data that no visible volume maps: of volumes that are not active, or of blocks that a lost transaction left behind. At
 * least 0, because shared blocks are counted in each volume. Undefined unless everything is known of every active volume.
 */
export function unattributedBytes(pool: Pool): number | undefined {
  const { data, volumes, volumeCount } = pool;
  if (!isActive(pool) || data === undefined || volumes.length < volumeCount) return undefined;
  let mapped = 0;
  for (const { mappedBytes } of volumes) {
    if (mappedBytes === undefined) return undefined;
    mapped += mappedBytes;
  }
  return Math.max(0, data.usedBytes - mapped);
}
