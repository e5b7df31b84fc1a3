import type { Host } from '../model/host.ts';
import { slowBatch } from './batching.ts';
import { whyUnsafe } from './sickness.ts';

/**
 * Why commands that can make a bad host worse (those that commit metadata or query every device) are blocked; undefined if
 * they are not. They are blocked until the harmless queries have shown that every pool is healthy.
 */
export function whyBlocked(host: Host): string | undefined {
  if (!host.discovered)
    return isDiscoveryPending(host) ? 'the devices of this host have not been read yet' : undefined;
  for (const pool of host.pools) {
    const reason = whyUnsafe(pool);
    if (reason !== undefined) return reason;
  }
  return slowBatch(host);
}

/** Devices may exist, but have not been read. Without device-mapper there is nothing that could get worse. */
export function isDiscoveryPending(host: Host): boolean {
  return (
    !host.discovered &&
    host.collectors.some(({ discovers, status }) => discovers && status !== 'absent' && status !== 'off')
  );
}
