import type { Host } from '../model/host.ts';
import { suspicion } from './batching.ts';
import { reasonToAvoid } from './sickness.ts';

/**
 * Why commands that can make a bad host worse (those that commit metadata or ask every device) should wait;
 * undefined where they need not. They wait until the harmless readings have shown every pool to be well.
 */
export function reasonToHold(host: Host): string | undefined {
  if (!host.discovered)
    return isDiscoveryPending(host) ? 'the devices of this host have not been read yet' : undefined;
  for (const pool of host.pools) {
    const reason = reasonToAvoid(pool);
    if (reason !== undefined) return reason;
  }
  return suspicion(host);
}

/** The devices are not known, though there may be some. A host without device-mapper has nothing that could be made worse. */
export function isDiscoveryPending(host: Host): boolean {
  return (
    !host.discovered &&
    host.sources.some(({ namesThings, status }) => namesThings && status !== 'absent' && status !== 'off')
  );
}
