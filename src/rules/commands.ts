import { formatBytes } from '../format/bytes.ts';
import type { Pool, Resource } from '../model/pool.ts';
import { metadataBlockBytes, metadataBlocksMax } from '../model/units.ts';
import { spareGrowth } from '../thinpool/autoextend.ts';
import { sizeOfPool } from '../thinpool/reported-space.ts';
import { allocatableBytes, type Obstacle, obstacleOf, shortfallOf } from '../thinpool/vg-room.ts';

/** The pool that an advice is about; undefined where it is about any pool, as in the docs. */
export type AdvisedPool = Pool | undefined;

/** `vg0`, or a placeholder where LVM does not manage the pool. */
export function vgOf(pool: AdvisedPool): string {
  return pool?.vgName ?? 'VG';
}

/** `vg0/data`, or a placeholder where LVM does not manage the pool. */
export function lvOf(pool: AdvisedPool): string {
  return pool?.vgName === undefined || pool.lvName === undefined
    ? 'VG/POOL'
    : `${pool.vgName}/${pool.lvName}`;
}

/** The pool's device-mapper name as an argument of dmsetup. */
export function deviceOf(pool: AdvisedPool): string {
  return pool === undefined ? 'POOL' : quote(pool.dmName);
}

/** A name as one word of a shell's command line. */
export function quote(name: string): string {
  return /^[\w.+:@%/][\w.+:@%/-]*$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}

/**
 * The command that extends data or metadata, with a size that the VG can give, and what it has; for a pool without LVM, how
 * else it is extended.
 */
export function extendCommand(pool: AdvisedPool, resource: Resource): string {
  if (pool?.owner === 'stratis') return 'add a disk to it with `stratis pool add-data`';
  if (!isExtendedByLvm(pool))
    return `enlarge the device under its ${resource}, then reload its table (\`thinpool-exporter runbooks extend\`)`;
  const option = resource === 'data' ? '-L +SIZE' : '--poolmetadatasize +SIZE';
  const unsized = `\`lvextend ${option} ${lvOf(pool)}\``;
  if (pool === undefined) return unsized;
  const sized = extendByPart(pool, resource);
  if (sized !== undefined) return `${sized}${describeRoom(pool)}`;
  const [usual] = partsOf(pool, resource);
  const command = (usual === undefined ? undefined : mayExtendBy(pool, resource, usual)) ?? unsized;
  const { volumeGroup: group } = pool;
  const obstacle = group && obstacleOf(group);
  if (group !== undefined && obstacle !== undefined)
    return `${command}, which LVM refuses while ${refusedWhile[obstacle]} (VG ${group.vgName})`;
  // It is known what the extension takes, and that the VG does not have it.
  const isShort = group !== undefined && pool.layouts?.[resource] !== undefined;
  return isShort
    ? `\`vgextend ${group.vgName} DEVICE\`, then ${command}${describeRoom(pool)}`
    : `${unsized}${describeRoom(pool)}`;
}

const refusedWhile: Readonly<Record<Obstacle, string>> = {
  'missing-pv': 'a PV is missing',
  'read-only': 'the VG is read-only',
  exported: 'the VG is exported',
  'unknown-segment': 'the VG has a segment type that it does not know',
};

/** Also where it is not known who manages the pool, as in the docs. */
export function isExtendedByLvm(pool: AdvisedPool): boolean {
  return pool === undefined || pool.owner === 'lvm';
}

function describeRoom(pool: AdvisedPool): string {
  const group = pool?.volumeGroup;
  return group === undefined
    ? ''
    : ` (VG ${group.vgName} has ${formatBytes(allocatableBytes(group) ?? group.freeBytes)} free)`;
}

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;

/** The command that extends an LVM pool by at least this much; undefined if its VG cannot give it, or that is not known. */
export function extendBy(pool: Pool, resource: Resource, bytes: number): string | undefined {
  const { volumeGroup: group, layouts } = pool;
  const layout = layouts?.[resource];
  if (group === undefined || layout === undefined || obstacleOf(group) !== undefined) return undefined;
  const step = Math.ceil(bytes / unitOf(bytes)) * unitOf(bytes);
  const areaBytes = Math.ceil(step / layout.dataAreas / group.extentBytes) * group.extentBytes;
  const size = resource === 'metadata' ? sizeOfPool(pool, resource) : undefined;
  const elseBytes = size === undefined ? 0 : spareGrowth(pool, size, areaBytes * layout.dataAreas);
  return shortfallOf(group, layout, areaBytes, elseBytes) === 0
    ? mayExtendBy(pool, resource, bytes)
    : undefined;
}

/** As much as is usual, or less where the VG cannot give that; undefined if it cannot give anything, or that is not known. */
export function extendByPart(pool: AdvisedPool, resource: Resource): string | undefined {
  if (pool === undefined) return undefined;
  for (const bytes of partsOf(pool, resource)) {
    const command = extendBy(pool, resource, bytes);
    if (command !== undefined) return command;
  }
  return undefined;
}

/** A fifth of data, as LVM's default policy adds. Metadata is doubled, by up to 1 GiB and within what the kernel can use. */
function partsOf(pool: Pool, resource: Resource): readonly number[] {
  const size = sizeOfPool(pool, resource);
  if (size === undefined) return [];
  if (resource === 'data') return [5, 10, 20, 50, 100].map((part) => size / part);
  const most = Math.floor((metadataBlocksMax * metadataBlockBytes - size) / MiB) * MiB;
  return [Math.min(size, GiB), size / 5, size / 20]
    .map((bytes) => Math.min(bytes, most))
    .filter((bytes) => bytes > 0);
}

/** The same command, whatever the VG has; undefined if LVM does not manage the pool. */
export function mayExtendBy(pool: Pool, resource: Resource, bytes: number): string | undefined {
  const { owner, vgName, lvName } = pool;
  if (owner !== 'lvm' || vgName === undefined || lvName === undefined) return undefined;
  const unit = unitOf(bytes);
  const size = `+${Math.ceil(bytes / unit)}${unit === GiB ? 'G' : 'M'}`;
  return `\`lvextend ${resource === 'data' ? '-L' : '--poolmetadatasize'} ${size} ${lvOf(pool)}\``;
}

function unitOf(bytes: number): number {
  return bytes >= GiB ? GiB : MiB;
}

/** A status that commits nothing, and ends where the kernel does not answer. */
export function statusCommand(pool: AdvisedPool): string {
  return `\`timeout 10 dmsetup status --noflush ${deviceOf(pool)}\``;
}
