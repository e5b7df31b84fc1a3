import type { Outcome } from './collector-state.ts';
import type { Host } from './host.ts';
import { isActive } from './pool.ts';

/** Device-mapper is not here, or not for us. Anything else is trouble of which LVM and Docker may know nothing yet. */
const refusals: readonly (Outcome | undefined)[] = ['not-installed', 'permission-denied', 'unavailable'];

/**
 * Something is known of the pools of this host: from device-mapper or, where that cannot be read for want of rights or of
 * dmsetup, from LVM or Docker.
 */
export function arePoolsKnown({ discovered, pools, collectors }: Host): boolean {
  if (discovered) return true;
  const isRefused = collectors
    .filter(({ discovers }) => discovers)
    .every(
      ({ status, queries }) => status === 'off' || queries.every(({ outcome }) => refusals.includes(outcome)),
    );
  return (
    isRefused &&
    !pools.some(isActive) &&
    pools.some(
      ({ data, presence, dockerInfo }) =>
        data !== undefined || presence === 'inactive' || dockerInfo?.poolUnreadable === true,
    )
  );
}
