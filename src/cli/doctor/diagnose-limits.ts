import { formatBytes } from '../../format/bytes.ts';
import { formatDuration } from '../../format/duration.ts';
import type { Host } from '../../model/host.ts';
import { type MinimumFree, type Pool, type Resource, resources } from '../../model/pool.ts';
import type { Limits } from '../../rules/limits.ts';
import { nearlyFullShares } from '../../rules/nearly-full.ts';
import type { Diagnosis } from './diagnosis.ts';

/** The limits that apply to each pool: where it is nearly full, and the minimum free by its origin. */
export function diagnoseLimits(limits: Limits, { pools }: Pick<Host, 'pools'>): Diagnosis[] {
  if (pools.length === 0) return [];
  const within = formatDuration(limits.runsOutMs);
  return [
    info('runs-out', `critical when a pool will be full, or at its minimum free, within ${within}`),
    ...pools.flatMap((pool) =>
      resources.map((resource) => info(`${pool.name} ${resource}`, describe(pool, resource, limits))),
    ),
  ];
}

function info(about: string, message: string): Diagnosis {
  return { level: 'info', about, message };
}

const origins: Readonly<Record<MinimumFree['origin'], string>> = {
  docker: 'docker',
  derived: "docker, by Docker's rule",
  'containers-storage': 'containers-storage',
  lvm: 'lvm',
  option: 'configured',
};

function describe(pool: Pool, resource: Resource, limits: Limits): string {
  const space = pool[resource];
  const shares = space && nearlyFullShares(resource, space, limits);
  const nearlyFull =
    shares === undefined
      ? 'space unknown'
      : `nearly full from ${asPercent(shares.warning)} used, critical from ${asPercent(shares.critical)}`;
  const minimumFrees = pool.minimumFrees
    .filter((one) => one.resource === resource)
    .map(({ bytes, origin }) => `${formatBytes(bytes)} (${origins[origin]})`);
  return `${nearlyFull}; minimum free ${minimumFrees.length === 0 ? 'none' : minimumFrees.join(', ')}`;
}

function asPercent(ratio: number): string {
  return `${Math.round(ratio * 1000) / 10}%`;
}
