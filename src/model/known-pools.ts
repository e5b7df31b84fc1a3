import type { Host } from './host.ts';
import { isActive } from './pool.ts';
import type { Outcome } from './source-state.ts';

/** Device-mapper is not here, or not for us. Anything else is trouble of which LVM and Docker may know nothing yet. */
const refusals: readonly (Outcome | undefined)[] = ['not-installed', 'permission-denied', 'unavailable'];

/**
 * Something is known of the pools of this host: from device-mapper or, where that cannot be read for want of rights or of
 * dmsetup, from LVM or Docker.
 */
export function arePoolsKnown({ discovered, pools, sources }: Host): boolean {
  if (discovered) return true;
  const isRefused = sources
    .filter(({ namesThings }) => namesThings)
    .every(
      ({ status, questions }) =>
        status === 'off' || questions.every(({ outcome }) => refusals.includes(outcome)),
    );
  return (
    isRefused &&
    !pools.some(isActive) &&
    pools.some(({ data, presence }) => data !== undefined || presence === 'inactive')
  );
}
