import { formatBytes } from '../format/bytes.ts';
import type { Pool, Resource } from '../model/pool.ts';
import { metadataBlockBytes, metadataBlocksMax } from '../model/units.ts';
import { obstacleOf, shortfallOf } from '../thinpool/vg-room.ts';

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;

/**
 * The command that extends an LVM pool by at least so many bytes, in a size that its VG can give; undefined where LVM is
 * not who extends it, or cannot, or it is not known.
 */
export function extendCommand(pool: Pool, resource: Resource, bytes: number): string | undefined {
  const { volumeGroup: group, layouts } = pool;
  const layout = layouts?.[resource];
  if (group === undefined || layout === undefined) return undefined;
  const unit = unitOf(bytes);
  const step = Math.ceil(bytes / unit) * unit;
  const areaBytes = Math.ceil(step / layout.dataAreas / group.extentBytes) * group.extentBytes;
  if (obstacleOf(group) !== undefined || shortfallOf(group, layout, areaBytes, 0) !== 0) return undefined;
  return commandOf(pool, resource, bytes);
}

function unitOf(bytes: number): number {
  return bytes >= GiB ? GiB : MiB;
}

function commandOf({ owner, vgName, lvName }: Pool, resource: Resource, bytes: number): string | undefined {
  if (owner !== 'lvm' || vgName === undefined || lvName === undefined) return undefined;
  const unit = unitOf(bytes);
  const size = `+${Math.ceil(bytes / unit)}${unit === GiB ? 'G' : 'M'}`;
  const option = resource === 'data' ? '-L' : '--poolmetadatasize';
  return `lvextend ${option} ${size} ${vgName}/${lvName}`;
}

/** The largest metadata that LVM made before 2.03.12, in blocks: 15.8125 GiB (lvm2 lib/metadata/metadata-exported.h). */
const lvmMetadataBlocksMax = (15.8125 * GiB) / metadataBlockBytes;

/** What the kernel can still use beyond the present metadata, where LVM has made it as large as it did; 0 at the end. */
export function lastMetadataBytes({ owner }: Pool, metadataBlocks: number): number | undefined {
  if (metadataBlocks >= metadataBlocksMax) return 0;
  const isAtLimit = owner === 'lvm' && metadataBlocks >= lvmMetadataBlocksMax;
  return isAtLimit ? (metadataBlocksMax - metadataBlocks) * metadataBlockBytes : undefined;
}

/** What can be done about metadata that can grow no more, or by next to nothing. */
export function adviceAtMetadataLimit(pool: Pool, lastBytes: number): string {
  const relief =
    'delete snapshots and volumes that are not needed, or move them to a pool with larger chunks';
  const whole = Math.floor(lastBytes / MiB) * MiB;
  // LVM is not asked about a pool in that state; what the VG has is then seen by the command itself.
  const extend = pool.volumeGroup === undefined ? commandOf : extendCommand;
  const command = whole > 0 ? extend(pool, 'metadata', whole) : undefined;
  if (command === undefined) return `${relief.charAt(0).toUpperCase()}${relief.slice(1)}.`;
  return `LVM 2.03.12 or later can add the last ${formatBytes(whole)}: ${command}. Use it to make the pool writable; then ${relief}.`;
}
