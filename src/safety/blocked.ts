import type { Host } from '../model/host.ts';
import { slowBatch } from './batching.ts';
import { whySick } from './sick.ts';

/**
 * Why a command that would make any sick pool of the host worse is blocked; undefined if it is not. It is blocked until the
 * harmless queries have shown that every pool is healthy. LVM can be restricted to the devices of one VG, and is decided on
 * in collectors/lvm/blocked.ts.
 */
export function whyBlocked(host: Host): string | undefined {
  if (!host.discovered)
    return isDiscoveryPending(host) ? 'the devices of this host have not been read yet' : undefined;
  for (const pool of host.pools) {
    const reason = whySick(pool);
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
