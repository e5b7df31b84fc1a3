import type { QueryState } from '../model/collector-state.ts';
import type { Host } from '../model/host.ts';
import { slowBatch } from './batching.ts';
import { reasonToBlock } from './sick.ts';

/**
 * Why a command that would make any sick pool of the host worse is blocked; undefined if it is not. It is blocked until the
 * harmless queries have shown that every pool responds. LVM can be restricted to the devices of one VG, and is decided on
 * in collectors/lvm/blocked.ts.
 */
export function whyBlocked(host: Host): string | undefined {
  if (!host.discovered)
    return isDiscoveryPending(host) ? 'the devices of this host have not been read yet' : undefined;
  for (const pool of host.pools) {
    const reason = reasonToBlock(pool);
    if (reason !== undefined) return reason;
  }
  return slowBatch(host);
}

/**
 * Devices may exist, but have not been read. Without device-mapper there is nothing that could get worse, and without the
 * right to read it nothing will ever be known: what others report is then all there is.
 */
export function isDiscoveryPending(host: Host): boolean {
  return (
    !host.discovered &&
    host.collectors.some(
      ({ discovers, status, queries }) =>
        discovers && status !== 'absent' && status !== 'off' && !isDenied(queries),
    )
  );
}

function isDenied(queries: readonly QueryState[]): boolean {
  return queries.length > 0 && queries.every(({ outcome }) => outcome === 'permission-denied');
}
