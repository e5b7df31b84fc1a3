import type { LogicalVolume } from '../model/facts.ts';
import type { Bound, FreeSpaceItem } from '../model/free-space.ts';
import type { Host } from '../model/host.ts';
import { memoizePer } from '../model/memoize.ts';
import { joinLvmName } from '../model/names.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { isActive, type Pool, type Volume, type VolumeUse } from '../model/pool.ts';
import { byVolume } from './by-volume.ts';
import { exclusiveOf, type PoolExclusive } from './exclusive.ts';
import { reclaimableIn } from './reclaimable.ts';
import { sourceOf, sourcesOf } from './snapshots.ts';
import { unattributedBytes } from './unattributed.ts';
import { createVolumeUses, type UseVolume } from './volume-use.ts';

/** Something whose deletion frees data, before it is said how it is deleted. */
export interface Freeable extends Omit<FreeSpaceItem, 'describedAs' | 'action'> {
  readonly use?: VolumeUse;
  readonly vgName?: string;
  readonly lvName?: string;
}

export type Listed = Pick<
  Host,
  'logicalVolumes' | 'nameRecords' | 'volumeMounts' | 'volumeUsages' | 'exclusive'
>;

/** Most first; of equal ones trims, then snapshots, then the oldest. What frees nothing is left out, what is not known is last. */
export function freeableIn(pool: Pool, listed: Listed): readonly Freeable[] {
  const inVg = volumesIn(pool, listed.logicalVolumes);
  const inactive = inactiveIn(pool, inVg);
  const exclusive = exclusiveOf(pool, listed.exclusive);
  const bound = isUnshared(pool, inactive.length) ? 'exact' : 'at_most';
  const all = [
    ...trims(pool, listed),
    ...activeVolumes(pool, inVg, bound, listed, bound === 'exact' ? undefined : exclusive),
    ...inactiveVolumes(pool, inactive, listed, exclusive),
    ...unattributed(pool),
  ];
  return all.filter(({ bytes }) => bytes !== 0).sort(compare);
}

/** What costs least is first. */
const harmless: readonly Freeable['kind'][] = ['trim', 'snapshot', 'volume', 'unattributed'];

function compare(one: Freeable, other: Freeable): number {
  const harm = ({ kind }: Freeable): number => harmless.indexOf(kind);
  return (
    (other.bytes ?? -1) - (one.bytes ?? -1) ||
    harm(one) - harm(other) ||
    (one.createdAt ?? Number.MAX_SAFE_INTEGER) - (other.createdAt ?? Number.MAX_SAFE_INTEGER) ||
    one.name.localeCompare(other.name, 'en')
  );
}

/**
 * No block has two owners: all the volumes are active and read, and together they map what the pool has used, to the byte.
 * LVM counts its volumes; who else has some in a pool is not known.
 */
function isUnshared({ data, volumes, volumeCount, lvm }: Pool, inactiveCount: number): boolean {
  if (data?.origin !== 'kernel' || inactiveCount > 0 || lvm?.thinCount !== volumeCount) return false;
  if (volumes.length < volumeCount) return false;
  const mapped = volumes.reduce((sum, { mappedBytes = Number.NaN }) => sum + mappedBytes, 0);
  return mapped === data.usedBytes;
}

/** Of file systems that are mounted on the host: those of guests are not known to it. */
function trims(pool: Pool, { volumeMounts, volumeUsages }: Listed): readonly Freeable[] {
  if (volumeUsages.length === 0 || pool.counters?.discard === 'ignore_discard') return [];
  const mountOf = byVolume(volumeMounts);
  const reclaimableOf = reclaimableIn(volumeUsages);
  return pool.volumes.flatMap((volume) => {
    const { mountPoint } = mountOf(volume) ?? {};
    const { mostBytes: bytes, likelyBytes = 0 } = reclaimableOf(volume) ?? {};
    if (mountPoint === undefined || bytes === undefined || likelyBytes === 0) return [];
    const { name, knownAs, use } = volume;
    return omitUndefined({
      kind: 'trim' as const,
      name: knownAs?.name ?? name,
      active: true,
      mountPoint,
      bytes,
      bound: 'at_most' as const,
      use,
    });
  });
}

function activeVolumes(
  pool: Pool,
  logicalVolumes: readonly LogicalVolume[],
  bound: Bound,
  { volumeMounts }: Listed,
  exclusive: PoolExclusive | undefined,
): readonly Freeable[] {
  const sources = sourcesOf(pool, logicalVolumes);
  const mountOf = byVolume(volumeMounts);
  return pool.volumes.filter(isDeletable).map((volume) => {
    const { snapshotOf, createdAt } = sourceOf(volume, sources);
    const { name, lvName, mappedBytes, knownAs, use } = volume;
    const measuredBytes = exclusive?.bytesOf(volume, createdAt);
    return omitUndefined({
      kind: kindOf(use, snapshotOf),
      name: knownAs?.name ?? name,
      active: true,
      mountPoint: mountOf(volume)?.mountPoint,
      snapshotOf,
      createdAt,
      ...(measuredBytes === undefined
        ? { bytes: mappedBytes, bound: mappedBytes === undefined ? undefined : bound }
        : { bytes: measuredBytes, bound: 'exact' as const, measuredAt: exclusive?.takenAt }),
      use,
      vgName: lvName === undefined ? undefined : pool.vgName,
      lvName,
    });
  });
}

/** Docker's base device is under every image, and goes with the pool only. */
function isDeletable({ knownAs }: Volume): boolean {
  return knownAs?.kind !== 'docker-image';
}

/** The clone of a template has an origin as well, and is a disk. */
function kindOf(use: VolumeUse | undefined, snapshotOf: string | undefined): 'snapshot' | 'volume' {
  const isSnapshot = use === undefined ? snapshotOf !== undefined : use.role === 'snapshot';
  return isSnapshot ? 'snapshot' : 'volume';
}

/**
 * The kernel has no mapping of a volume that is not active. What its deletion frees is in no active volume, so it is at most
 * what the pool has used beyond its largest one.
 */
function inactiveVolumes(
  pool: Pool,
  inactive: readonly LogicalVolume[],
  listed: Listed,
  exclusive: PoolExclusive | undefined,
): Freeable[] {
  if (inactive.length === 0) return [];
  const useVolume = usesIn(listed);
  const largest = pool.volumes.reduce((most, { mappedBytes = 0 }) => Math.max(most, mappedBytes), 0);
  const used = pool.data && pool.data.usedBytes + (pool.data.roundingBytes ?? 0);
  const elsewhere = used === undefined ? undefined : Math.max(0, used - largest);
  return inactive.map((lv) => {
    const { vgName, lvName, origin, createdAt, sizeBytes = elsewhere } = lv;
    const use = useVolume({ name: joinLvmName(vgName, lvName), uuid: uuidOf(lv) }, undefined);
    const bytes = sizeBytes === undefined ? undefined : Math.min(sizeBytes, elsewhere ?? sizeBytes);
    const measuredBytes = exclusive?.bytesOf(lv, createdAt);
    return omitUndefined({
      kind: kindOf(use, origin),
      name: `${vgName}/${lvName}`,
      active: false,
      snapshotOf: origin,
      createdAt,
      ...(measuredBytes === undefined
        ? { bytes, bound: bytes === undefined ? undefined : ('at_most' as const) }
        : { bytes: measuredBytes, bound: 'exact' as const, measuredAt: exclusive?.takenAt }),
      use,
      vgName,
      lvName,
    });
  });
}

/** As device-mapper would have it: it marks the device as an LV. */
function uuidOf({ vgUuid, lvUuid }: LogicalVolume): string {
  const unknown = '0'.repeat(32);
  return `LVM-${vgUuid ?? unknown}${lvUuid ?? unknown}`;
}

/** Thin volumes that LVM lists in the pool and that are not active. A volume that is not listed for want of room is active. */
export function inactiveIn(pool: Pool, inVg: readonly LogicalVolume[]): readonly LogicalVolume[] {
  const { vgName, lvName, lvm, presence } = pool;
  if (vgName === undefined || lvName === undefined || presence === 'unseen') return [];
  if (presence === 'active' && pool.inactiveVolumeCount === 0) return [];
  const active = new Set(pool.volumes.map((volume) => volume.lvName));
  const isListed = pool.volumes.length === pool.volumeCount;
  return inVg.filter(
    (lv) =>
      lv.poolLv === lvName &&
      lv.vgUuid === lvm?.vgUuid &&
      (isListed ? !active.has(lv.lvName) : lv.active === false),
  );
}

/** Thin volumes of the pool's VG. Sorted by VG once for each list that LVM gives. */
function volumesIn({ vgName = '' }: Pool, all: readonly LogicalVolume[]): readonly LogicalVolume[] {
  return groupByVg(all).get(vgName) ?? [];
}

const groupByVg = memoizePer((all: readonly LogicalVolume[]) => {
  const byVg = new Map<string, LogicalVolume[]>();
  for (const lv of all) {
    if (lv.role !== 'volume') continue;
    const others = byVg.get(lv.vgName);
    if (others === undefined) byVg.set(lv.vgName, [lv]);
    else others.push(lv);
  }
  return byVg;
});

const usesOf = memoizePer((_: readonly LogicalVolume[]) => createVolumeUses());

const noFacts = { devices: [], deviceUsers: [] };

/** Names are matched once for each list that LVM gives: the status page is made for every snapshot. */
function usesIn({ logicalVolumes, nameRecords }: Listed): UseVolume {
  return usesOf(logicalVolumes)({ ...noFacts, logicalVolumes, nameRecords });
}

function unattributed(pool: Pool): readonly Freeable[] {
  const bytes = unattributedBytes(pool);
  return bytes === undefined || !isActive(pool)
    ? []
    : [{ kind: 'unattributed', name: pool.name, active: false, bytes, bound: 'at_least' }];
}
