import type { Host } from '../model/host.ts';
import type { Pool } from '../model/pool.ts';
import { isOverdue, wasRead } from '../safety/lateness.ts';

/**
 * Why what is shown is not complete and current, as sentences; none: it is. A full or broken pool that responds is
 * no reason: its data is complete. Neither is a host without device-mapper.
 */
export function readiness(host: Host): string[] {
  const pending = host.collectors
    .filter(({ status, finishedQueries }) => status === 'pending' && finishedQueries === 0)
    .map(({ name }) => `collector ${name} has not been read yet`);
  return [...discovery(host), ...pending, ...host.pools.flatMap((pool) => poolReasons(host, pool))];
}

function discovery(host: Host): string[] {
  if (host.discovered) return [];
  const discovering = host.collectors.filter(({ discovers }) => discovers);
  if (discovering.length > 0 && discovering.every(({ status }) => status === 'absent' || status === 'off'))
    return [];
  const failed = discovering.flatMap(({ queries }) => queries).find(({ failure }) => failure !== undefined);
  return [
    `the devices of this host are not known${failed?.failure === undefined ? ' yet' : `: ${failed.failure}`}`,
  ];
}

function poolReasons(host: Host, pool: Pool): string[] {
  const { name, dmName, state, late } = pool;
  if (late !== undefined && isOverdue(pool)) return [`pool ${name}: a query by ${late.collector} is overdue`];
  // The first query of a new pool takes a moment.
  return state === undefined && wasRead(host, dmName) ? [`pool ${name}: its status is not known`] : [];
}
