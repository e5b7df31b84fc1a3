import { formatBytes } from '../format/bytes.ts';
import type { Pool, Resource } from '../model/pool.ts';

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

/** The command that extends data or metadata, and what the VG has for it. */
export function extendCommand(pool: AdvisedPool, resource: Resource): string {
  const option = resource === 'data' ? '-L +SIZE' : '--poolmetadatasize +SIZE';
  return `\`lvextend ${option} ${lvOf(pool)}\`${describeRoom(pool)}`;
}

function describeRoom(pool: AdvisedPool): string {
  const group = pool?.volumeGroup;
  return group === undefined ? '' : ` (VG ${group.vgName} has ${formatBytes(group.freeBytes)} free)`;
}

/** A status that commits nothing, and ends where the kernel does not answer. */
export function statusCommand(pool: AdvisedPool): string {
  return `\`timeout 10 dmsetup status --noflush ${deviceOf(pool)}\``;
}
