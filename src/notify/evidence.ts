import type { Host } from '../model/host.ts';
import { isActive } from '../model/pool.ts';
import type { AlertContent } from './notification.ts';

/** The collectors that were working when an alert was sent. */
export function workingCollectors({ collectors }: Host): readonly string[] {
  return collectors.filter(({ status }) => status === 'ok').map(({ name }) => name);
}

/**
 * Whether the absence of an alert means that its cause is gone. It does not while the pool cannot be read, or while a
 * collector that worked when the alert was sent has not worked since: what is unknown is not healthy.
 */
export function isKnownToHaveEnded(
  { pool: name }: AlertContent,
  seenBy: readonly string[],
  host: Host,
): boolean {
  const isSilent = host.collectors.some(
    ({ name: collector, status }) =>
      ['pending', 'failed', 'blocked'].includes(status) && seenBy.includes(collector),
  );
  if (isSilent || !host.discovered) return false;
  const pool = host.pools.find((one) => one.name === name);
  if (pool === undefined) return true;
  return pool.late === undefined && (pool.state !== undefined || !isActive(pool));
}

/**
 * Whether options may leave out the pool that an alert was about: then nothing is known about it. One that was seen to vanish is
 * known to be gone.
 */
export function isLeftOut(content: AlertContent, host: Host): boolean {
  const { excludedPools = 0, missingPools } = host;
  return (
    excludedPools > 0 && isGone(content, host) && missingPools.every(({ name }) => name !== content.pool)
  );
}

/** Whether the pool that an alert was about is no longer there. */
export function isGone({ pool }: AlertContent, host: Host): boolean {
  return pool !== undefined && host.discovered && host.pools.every(({ name }) => name !== pool);
}
