import type { Host, Pool } from '../model/host.ts';

/**
 * Why what is shown is not complete and current, as sentences; none: it is. A full or broken pool that answers is
 * no reason: the exporter sees it well. A host without device-mapper is soon told.
 */
export function readiness(host: Host): string[] {
  const pending = host.sources
    .filter(({ status }) => status === 'pending')
    .map(({ name }) => `source ${name} has not been read yet`);
  return [...discovery(host), ...pending, ...host.pools.flatMap((pool) => poolReasons(pool))];
}

function discovery(host: Host): string[] {
  if (host.discovered) return [];
  const naming = host.sources.filter(({ namesThings }) => namesThings);
  if (naming.length > 0 && naming.every(({ status }) => status === 'absent' || status === 'off')) return [];
  const failed = naming.flatMap(({ questions }) => questions).find(({ failure }) => failure !== undefined);
  return [
    `the devices of this host are not known${failed?.failure === undefined ? ' yet' : `: ${failed.failure}`}`,
  ];
}

function poolReasons({ name, state, late }: Pool): string[] {
  if (late !== undefined) return [`pool ${name}: a reading by ${late.source} is overdue`];
  return state === undefined ? [`pool ${name}: its status is not known`] : [];
}
