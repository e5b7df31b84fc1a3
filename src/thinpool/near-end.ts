import type { Pool, Resource } from '../model/pool.ts';
import { minimumFreeOf } from './minimum-free.ts';

/** Little for the pool, and little for what a host may write in the time that a person needs to act. */
const nearRatio = 0.05;
const nearBytes = 10 * 1024 ** 3;

/** Next to nothing is left until the pool is full, or until new volumes are refused that are made all the time. */
export function isNearEnd(pool: Pool, resource: Resource): boolean {
  const space = pool[resource];
  if (space === undefined) return false;
  const minimum = minimumFreeOf(pool, resource)?.bytes ?? 0;
  const left = Math.min(space.availableBytes, space.freeBytes - minimum);
  return left < nearRatio * space.sizeBytes && left < nearBytes;
}
