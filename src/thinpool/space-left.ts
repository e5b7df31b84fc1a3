import type { Target } from '../model/finding.ts';
import type { Pool, Resource } from '../model/pool.ts';
import { minimumFreeOf } from './minimum-free.ts';

/**
 * Bytes left until the pool is full or at its minimum free, 0 from there on; undefined if unknown. Docker compares the free
 * blocks of the pool, even where the file system under a loop file has less.
 */
export function bytesLeft(pool: Pool, resource: Resource, target: Target): number | undefined {
  const space = pool[resource];
  if (space === undefined) return undefined;
  if (target === 'full') return space.availableBytes;
  const minimumFree = minimumFreeOf(pool, resource);
  return minimumFree && Math.max(0, space.freeBytes - minimumFree.bytes);
}
