import { formatBytes } from '../format/bytes.ts';
import type { Pool, Resource } from '../model/pool.ts';
import { allocatableBytes, obstacleOf, shortfallOf } from '../thinpool/vg-room.ts';

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
 * The command that extends data or metadata, by a fifth of the size, as LVM's default policy does; by less if the VG cannot give that.
 * With a placeholder where no size fits, or none is known. For a pool without LVM, how else it is extended.
 */
export function extendCommand(pool: AdvisedPool, resource: Resource): string {
  return sizedCommand(pool, resource) ?? unsizedCommand(pool, resource);
}

function sizedCommand(pool: AdvisedPool, resource: Resource): string | undefined {
  const size = pool?.[resource]?.sizeBytes;
  if (pool === undefined || size === undefined) return undefined;
  for (const part of [5, 10, 20, 50, 100]) {
    const command = extendBy(pool, resource, size / part);
    if (command !== undefined) return command;
  }
  return undefined;
}

function unsizedCommand(pool: AdvisedPool, resource: Resource): string {
  if (pool?.owner === 'stratis') return 'add a disk to it with `stratis pool add-data`';
  if (!isExtendedByLvm(pool))
    return `enlarge the device under its ${resource}, then reload its table (\`thinpool-exporter runbooks extend\`)`;
  const option = resource === 'data' ? '-L +SIZE' : '--poolmetadatasize +SIZE';
  return `\`lvextend ${option} ${lvOf(pool)}\`${describeRoom(pool)}`;
}

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
  return shortfallOf(group, layout, areaBytes, 0) === 0 ? mayExtendBy(pool, resource, bytes) : undefined;
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
