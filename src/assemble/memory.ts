import type { DockerInfo } from '../model/facts.ts';
import type { Host, MissingPool } from '../model/host.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { isActive, type LastKnown, type Pool, type Resource, resources } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';
import { identityOf } from '../thinpool/identity.ts';
import { minimumFreesOf } from '../thinpool/minimum-free.ts';
import { followChanges, markOutdatedRoom, type PoolChanges, recallLvm } from './changes.ts';
import { lvmCoverage } from './sightings.ts';

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
  readonly wasActive: boolean;
  readonly changes: PoolChanges;
  /** The pool itself, where it has no device: it stays while those who reported it are silent. */
  readonly withoutDevice?: Pool;
}

export const nothingRemembered: Memory = { pools: new Map() };

/** Updates the memory with a snapshot. While a host is not discovered, no pool that has a device is added or removed. */
export function remember(before: Memory, host: Host, missingRetentionMs: number): Memory {
  const seen = host.discovered ? host.pools : host.pools.filter((pool) => !isActive(pool));
  const pools = new Map(
    seen.map((pool) => [pool.name, rememberPool(before.pools.get(pool.name), pool, host)]),
  );
  const renamed = new Set(host.pools.map((pool) => pool.uuid));
  for (const [name, old] of before.pools) {
    const isKept = old.uuid === undefined || !renamed.has(old.uuid);
    const isYoung = !host.discovered || host.takenAt - old.lastSeenAt <= missingRetentionMs;
    if (!pools.has(name) && isKept && (isYoung || isUnreported(old, host))) pools.set(name, old);
  }
  return { pools };
}

function rememberPool(before: PoolMemory | undefined, pool: Pool, host: Host): PoolMemory {
  const identity = identityOf(pool);
  const old = before?.identity === identity ? before : undefined;
  const reporting = isSilent(host) ? old : pool;
  const extensions = { data: countGrowth(old, pool, 'data'), metadata: countGrowth(old, pool, 'metadata') };
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
    extensions,
    wasActive: isActive(pool) || old?.wasActive === true,
    changes: followChanges(old?.changes, pool, hasGrown(old, extensions), host.takenAt),
    withoutDevice: isActive(pool) ? undefined : pool,
  });
}

function hasGrown(old: PoolMemory | undefined, extensions: PoolMemory['extensions']): boolean {
  return old !== undefined && resources.some((resource) => extensions[resource] > old.extensions[resource]);
}

/** None of those that could show whether the pool still exists has reported: no new facts, or its VG is not reported at all. */
function isUnreported({ withoutDevice }: PoolMemory, host: Host): boolean {
  if (withoutDevice === undefined) return false;
  const { vgName, sightings } = withoutDevice;
  const by = sightings.filter(({ namedAt }) => namedAt !== undefined).map(({ by: witness }) => witness);
  if (by.includes('lvm')) {
    const isReported =
      host.volumeGroups.some((group) => group.vgName === vgName) ||
      host.logicalVolumes.some((volume) => volume.vgName === vgName);
    return lvmCoverage(host.coverage, vgName) === undefined || !isReported;
  }
  return by.includes('docker') && !host.coverage.some((coverage) => coverage.by === 'docker');
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
  const silent = recallUnreported(host, memory);
  const names = new Set([...host.pools, ...silent].map((pool) => pool.name));
  const missing = [...memory.pools.values()]
    .filter((pool) => !names.has(pool.name) && host.takenAt - pool.lastSeenAt >= confirmedAfterMs)
    .map(toMissing);
  const pools = host.pools.map((pool) => recallPool(pool, memory.pools.get(pool.name), host));
  return markOutdatedRoom({
    ...host,
    missingPools: missing,
    unassignedEvents: host.unassignedEvents.filter(({ kind }) => !silent.some(isAbout(kind))),
    pools: silent.length === 0 ? pools : sortByName([...pools, ...silent]),
  });
}

/** What the kernel said of a pool while it was reported is still about that pool. */
function isAbout(kind: string): (pool: Pool) => boolean {
  return ({ kernelEvents }) => kernelEvents.some((event) => event.kind === kind);
}

/** What is known of them is who they are. How full they are is not known any more. */
function recallUnreported(host: Host, { pools }: Memory): Pool[] {
  const names = new Set(host.pools.map(({ name }) => name));
  return [...pools.values()].flatMap((old) => {
    const { withoutDevice, wasActive } = old;
    if (withoutDevice === undefined || names.has(old.name) || !isUnreported(old, host)) return [];
    const { data, metadata, statusTakenAt, lvm, volumeGroup, autoextend, dockerInfo, ...rest } =
      withoutDevice;
    const sightings = rest.sightings.map(({ coveredAt, ...sighting }) => sighting);
    const lastLvm = omitUndefined({ lvm, volumeGroup, autoextend, readAt: rest.readAt });
    return [{ ...rest, ...markActive(wasActive), sightings, minimumFrees: [], lastLvm }];
  });
}

function sortByName(pools: readonly Pool[]): Pool[] {
  return [...pools].sort((one, other) => (one.name < other.name ? -1 : 1));
}

function markActive(wasActive: boolean): Pick<Pool, 'wasActive'> {
  return wasActive ? { wasActive } : {};
}

function toMissing({ name, uuid, lastSeenAt }: PoolMemory): MissingPool {
  return omitUndefined({ name, uuid, lastSeenAt });
}

function recallPool(pool: Pool, old: PoolMemory | undefined, host: Host): Pool {
  if (old === undefined) return pool;
  const { appearedAt, changedAt, grewAt, transactions } = old.changes;
  const recalled = {
    ...pool,
    ...omitUndefined({ lastKnown: old.lastKnown, appearedAt, changedAt, grewAt, transactions }),
    ...markActive(old.wasActive),
    ...recallLvm(pool, old.changes, host.takenAt),
    extensions: old.extensions,
  };
  return isSilent(host) ? { ...recalled, ...recallMinimumFrees(pool, old) } : recalled;
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
