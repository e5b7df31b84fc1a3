import type { Host } from '../model/host.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { isActive, type LastLvm, type Pool, type ReadTimes, type Transactions } from '../model/pool.ts';

/** What was seen to change in a pool, and what LVM last reported of it: facts of different moments are not compared. */
export interface PoolChanges {
  readonly appearedAt: number;
  readonly changedAt: number;
  readonly grewAt?: number;
  /** The kernel's transaction id, and the first reading that showed it. */
  readonly transaction?: { readonly id: number; readonly firstRead: ReadTimes };
  readonly transactions?: Transactions;
  readonly lastLvm?: LastLvm;
}

export function followChanges(
  old: PoolChanges | undefined,
  pool: Pool,
  hasGrown: boolean,
  now: number,
): PoolChanges {
  const { status } = pool.readAt;
  const transaction = transactionOf(old, pool);
  const hasBegun = old?.transaction !== undefined && transaction?.id !== old.transaction.id;
  const grewAt = hasGrown ? (status?.finishedAt ?? now) : old?.grewAt;
  const firstAt = pool.sightings.find(({ by }) => by === 'device-mapper')?.namedAt?.finishedAt ?? now;
  const changes = [old?.changedAt ?? firstAt, grewAt ?? 0, hasBegun ? (status?.finishedAt ?? now) : 0];
  return omitUndefined({
    appearedAt: old?.appearedAt ?? firstAt,
    changedAt: Math.max(...changes),
    grewAt,
    transaction,
    transactions: compareTransactions(old, transaction, pool),
    lastLvm: lastLvmOf(pool, old?.lastLvm),
  });
}

function transactionOf(old: PoolChanges | undefined, { counters, readAt }: Pool): PoolChanges['transaction'] {
  if (counters === undefined || readAt.status === undefined) return old?.transaction;
  const { transactionId: id } = counters;
  return old?.transaction?.id === id ? old.transaction : { id, firstRead: readAt.status };
}

/**
 * Ids only grow, so two readings one after the other can prove a difference: the kernel had a later id before LVM was
 * read, or has an earlier one after. Any other difference may be a transaction between the two. What was proved holds
 * while both stay as they were.
 */
function compareTransactions(
  old: PoolChanges | undefined,
  transaction: PoolChanges['transaction'],
  { counters, lvm, readAt }: Pool,
): Transactions | undefined {
  const before = old?.transactions?.kernel === transaction?.id ? old?.transactions : undefined;
  const id = lvm?.transactionId;
  if (id === undefined || readAt.lvm === undefined || transaction === undefined) return before;
  const both = { kernel: transaction.id, lvm: id };
  if (both.kernel === both.lvm) return both;
  const hadMore = both.kernel > both.lvm && transaction.firstRead.finishedAt <= readAt.lvm.startedAt;
  const status = counters === undefined ? undefined : readAt.status;
  const hasLess = both.kernel < both.lvm && status !== undefined && status.startedAt >= readAt.lvm.finishedAt;
  if (hadMore || hasLess) return both;
  return before?.lvm === id ? before : undefined;
}

/** Each part of it as it was last reported: LVM may report the pool and leave out its VG. */
function lastLvmOf(
  { lvm, volumeGroup, autoextend, readAt }: Pool,
  old: LastLvm | undefined,
): LastLvm | undefined {
  if (lvm === undefined && volumeGroup === undefined) return old;
  const isWhole = volumeGroup !== undefined && autoextend !== undefined;
  return omitUndefined({
    lvm: lvm ?? old?.lvm,
    volumeGroup: volumeGroup ?? old?.volumeGroup,
    autoextend: isWhole ? autoextend : (old?.autoextend ?? autoextend),
    readAt: { ...old?.readAt, ...omitUndefined({ lvm: readAt.lvm, volumeGroup: readAt.volumeGroup }) },
  });
}

/** What LVM last reported, where it no longer does: as a fact until it is too old, and then apart from them. */
export function recallLvm(pool: Pool, { lastLvm }: PoolChanges, now: number): Partial<Pool> {
  if (lastLvm === undefined || !isActive(pool)) return {};
  const isPoolLost = pool.lvm === undefined && lastLvm.lvm !== undefined;
  const isGroupLost = pool.volumeGroup === undefined && lastLvm.volumeGroup !== undefined;
  if (!isPoolLost && !isGroupLost) return {};
  const namedAt = lastLvm.readAt.lvm;
  const sightings = pool.sightings.map((sighting) =>
    sighting.by === 'lvm' && isPoolLost && namedAt !== undefined ? { ...sighting, namedAt } : sighting,
  );
  const readAt = isPoolLost ? namedAt : lastLvm.readAt.volumeGroup;
  if (readAt === undefined || now >= readAt.expiresAt) return { sightings, lastLvm };
  return omitUndefined({
    sightings,
    lvm: pool.lvm ?? lastLvm.lvm,
    volumeGroup: pool.volumeGroup ?? lastLvm.volumeGroup,
    autoextend: lastLvm.autoextend,
    readAt: { ...lastLvm.readAt, ...pool.readAt },
    lvmLastKnown: true,
  } as const);
}

/** Marks pools whose VG was last read before a pool in it grew: what it then had free is spent. */
export function markOutdatedRoom(host: Host): Host {
  const grewAt = new Map<string, number>();
  for (const { vgName, grewAt: at } of host.pools)
    if (vgName !== undefined && at !== undefined) grewAt.set(vgName, Math.max(at, grewAt.get(vgName) ?? 0));
  if (grewAt.size === 0) return host;
  return { ...host, pools: host.pools.map((pool) => markRoom(pool, grewAt.get(pool.vgName ?? ''))) };
}

function markRoom(pool: Pool, grewAt: number | undefined): Pool {
  const readAt = pool.readAt.volumeGroup;
  return grewAt === undefined || readAt === undefined || readAt.startedAt >= grewAt
    ? pool
    : { ...pool, roomOutdated: true };
}
