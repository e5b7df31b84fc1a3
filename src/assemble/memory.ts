import type { DockerInfo } from '../model/facts.ts';
import type { Host, MissingPool } from '../model/host.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { LastKnown, Pool, Resource } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';
import { identityOf } from '../thinpool/identity.ts';
import { minimumFreesOf } from '../thinpool/minimum-free.ts';

/** State across snapshots: known pools, their last state, and how often they were extended. */
export interface Memory {
  readonly pools: ReadonlyMap<string, PoolMemory>;
}

interface PoolMemory {
  readonly name: string;
  readonly uuid?: string;
  readonly identity: string;
  readonly lastSeenAt: number;
  readonly lastKnown?: LastKnown;
  /** The consumer that last reported using the pool, and when it reported its minimum free. */
  readonly dockerInfo?: DockerInfo;
  readonly minimumFreeReportedAt?: number;
  readonly blocks: Readonly<Partial<Record<Resource, number>>>;
  readonly extensions: Readonly<Record<Resource, number>>;
}

export const nothingRemembered: Memory = { pools: new Map() };

/** Updates the memory with a snapshot. A host that was not discovered changes nothing. */
export function remember(before: Memory, host: Host, missingRetentionMs: number): Memory {
  if (!host.discovered) return before;
  const pools = new Map(
    host.pools.map((pool) => [pool.name, rememberPool(before.pools.get(pool.name), pool, host)]),
  );
  const renamed = new Set(host.pools.map((pool) => pool.uuid));
  for (const [name, old] of before.pools) {
    const isKept = old.uuid === undefined || !renamed.has(old.uuid);
    if (!pools.has(name) && isKept && host.takenAt - old.lastSeenAt <= missingRetentionMs)
      pools.set(name, old);
  }
  return { pools };
}

function rememberPool(before: PoolMemory | undefined, pool: Pool, host: Host): PoolMemory {
  const identity = identityOf(pool);
  const old = before?.identity === identity ? before : undefined;
  const reporting = isSilent(host) ? old : pool;
  const blocks = {
    data: pool.data?.blocks ?? old?.blocks.data,
    metadata: pool.metadata?.blocks ?? old?.blocks.metadata,
  };
  return omitUndefined({
    name: pool.name,
    uuid: pool.uuid,
    identity,
    lastSeenAt: host.takenAt,
    lastKnown: lastKnownOf(pool) ?? old?.lastKnown,
    dockerInfo: reporting?.dockerInfo,
    minimumFreeReportedAt: reporting?.minimumFreeReportedAt,
    blocks: omitUndefined(blocks),
    extensions: { data: countGrowth(old, pool, 'data'), metadata: countGrowth(old, pool, 'metadata') },
  });
}

function lastKnownOf(pool: Pool): LastKnown | undefined {
  if (pool.state === undefined || pool.statusTakenAt === undefined) return undefined;
  return omitUndefined({ state: pool.state, counters: pool.counters, takenAt: pool.statusTakenAt });
}

function countGrowth(old: PoolMemory | undefined, pool: Pool, resource: Resource): number {
  const before = old?.blocks[resource];
  const now = pool[resource]?.blocks;
  const grew = before !== undefined && now !== undefined && now > before;
  return (old?.extensions[resource] ?? 0) + (grew ? 1 : 0);
}

/**
 * Devices and tables are two queries, and a rename may come between them: until the next poll the pool is then missing. LVM
 * also removes a pool for a moment when it changes what is on it.
 */
const confirmedAfterMs = 10 * secondMs;

/** Adds to a snapshot what only the memory knows. */
export function recall(host: Host, memory: Memory): Host {
  const names = new Set(host.pools.map((pool) => pool.name));
  const missing = [...memory.pools.values()]
    .filter((pool) => !names.has(pool.name) && host.takenAt - pool.lastSeenAt >= confirmedAfterMs)
    .map(toMissing);
  return {
    ...host,
    missingPools: missing,
    pools: host.pools.map((pool) => recallPool(pool, memory.pools.get(pool.name), isSilent(host))),
  };
}

function toMissing({ name, uuid, lastSeenAt }: PoolMemory): MissingPool {
  return omitUndefined({ name, uuid, lastSeenAt });
}

function recallPool(pool: Pool, old: PoolMemory | undefined, silent: boolean): Pool {
  if (old === undefined) return pool;
  const recalled = { ...pool, ...omitUndefined({ lastKnown: old.lastKnown }), extensions: old.extensions };
  return silent ? { ...recalled, ...recallMinimumFrees(pool, old) } : recalled;
}

/** No consumer reports anything now: none responds, or its query is blocked. One that responds and uses no pool does report. */
function isSilent({ dockerInfos }: Host): boolean {
  return dockerInfos.length === 0;
}

/**
 * A consumer's minimum free is a setting, so it still applies while dockerd hangs, as it does on a full pool. The free space
 * itself is read again; while it is unknown there is no finding.
 */
function recallMinimumFrees(
  { data, metadata }: Pool,
  { dockerInfo, minimumFreeReportedAt }: PoolMemory,
): Pick<Pool, 'minimumFrees' | 'minimumFreeReportedAt'> | undefined {
  const minimumFrees =
    dockerInfo === undefined ? [] : minimumFreesOf({ data, metadata }, dockerInfo, undefined);
  return minimumFrees.length > 0 ? omitUndefined({ minimumFrees, minimumFreeReportedAt }) : undefined;
}
