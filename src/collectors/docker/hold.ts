import type { Host } from '../../model/host.ts';
import type { Pool } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { reasonToHold } from '../../safety/hold.ts';
import { dockerDevice } from '../../thinpool/owner.ts';

/**
 * dockerd goes on with a request whose client is gone, and every docker info waits for the lock that the first one waits
 * for: each try would leave one more. Bounded, because a connection may be lost without a word.
 */
export const leftAloneMs = 600 * secondMs;

/** Why Docker should be asked nothing that concerns its pool; undefined where there is no reason. */
export function reasonToLeaveDocker(known: Host): string | undefined {
  return reasonToHold({ ...known, pools: poolsThatMatter(known) });
}

/**
 * Docker touches its own pool alone, so another that has failed for good is no reason to wait for ever. One whose
 * readings are late is: the storage that stalls may be shared. Where no pool shows that it is Docker's, any may be.
 */
function poolsThatMatter({ pools, consumers }: Host): readonly Pool[] {
  const named = new Set(consumers.map(({ poolName }) => poolName));
  const isDockers = ({ name, owner, volumes }: Pool): boolean =>
    owner === 'docker' ||
    named.has(name) ||
    volumes.some((volume) => dockerDevice(volume.name) !== undefined);
  if (!pools.some(isDockers)) return pools;
  return pools.filter((pool) => isDockers(pool) || pool.late !== undefined);
}
