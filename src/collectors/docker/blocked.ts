import type { Host } from '../../model/host.ts';
import type { Pool } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { whyBlocked } from '../../safety/blocked.ts';
import { dockerDevice } from '../../thinpool/owner.ts';

/**
 * dockerd continues a request after its client has gone, and every docker info waits for the same lock as the first one:
 * each attempt would add one more. Limited, because a connection may be lost silently.
 */
export const killGraceMs = 600 * secondMs;

/** Why queries that concern Docker's pool are blocked; undefined if they are not. */
export function whyDockerBlocked(host: Host): string | undefined {
  return whyBlocked({ ...host, pools: relevantPools(host) });
}

/**
 * Docker touches only its own pool, so another pool that is suspended is no reason to block. A pool with late
 * queries is: the stalled storage may be shared. If no pool is known to be Docker's, any may be.
 */
function relevantPools({ pools, dockerInfos }: Host): readonly Pool[] {
  const named = new Set(dockerInfos.map(({ poolName }) => poolName));
  const isDockers = ({ name, owner, volumes }: Pool): boolean =>
    owner === 'docker' ||
    named.has(name) ||
    volumes.some((volume) => dockerDevice(volume.name) !== undefined);
  if (!pools.some(isDockers)) return pools;
  return pools.filter((pool) => isDockers(pool) || pool.late !== undefined);
}
