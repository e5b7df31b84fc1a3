import type { Layout, VolumeGroup } from '../model/facts.ts';

/** Why LVM changes nothing in a VG, so that no extension can succeed there. */
export type Obstacle = 'missing-pv' | 'read-only' | 'exported' | 'unknown-segment';

/** "Cannot change VG … while PVs are missing", and the like (lvm2 lib/metadata/metadata.c, vg_read). */
export function obstacleOf(group: VolumeGroup): Obstacle | undefined {
  if ((group.missingPvCount ?? 0) > 0 || group.partial === true) return 'missing-pv';
  if (group.exported === true) return 'exported';
  if (group.readOnly === true) return 'read-only';
  return group.unknownSegments === true ? 'unknown-segment' : undefined;
}

/** What LVM can give of the free space; undefined where it is not known. */
export function allocatableBytes(group: VolumeGroup): number | undefined {
  if (obstacleOf(group) !== undefined) return 0;
  return freeByPv(group)?.reduce((sum, bytes) => sum + bytes, 0);
}

/** Of each PV that is there and may be taken from. */
function freeByPv({ pvs }: VolumeGroup): readonly number[] | undefined {
  return pvs?.filter(({ allocatable, missing }) => allocatable && !missing).map(({ freeBytes }) => freeBytes);
}

/**
 * What a VG lacks for areas of `areaBytes` each, every one on a PV of its own, and for `elseBytes` anywhere. Undefined
 * where it depends on how the free space is spread over the PVs, and that is not known.
 */
export function shortfallOf(
  group: VolumeGroup,
  { areas }: Layout,
  areaBytes: number,
  elseBytes: number,
): number | undefined {
  const needed = areas * areaBytes + elseBytes;
  if (obstacleOf(group) !== undefined) return needed;
  const free = freeByPv(group);
  if (free !== undefined) {
    const sum = free.reduce((total, bytes) => total + bytes, 0);
    const most = largestArea(free, areas, group.extentBytes);
    return Math.max(0, areas * (areaBytes - most), needed - sum);
  }
  const lacking = Math.max(0, needed - group.freeBytes);
  if (areas === 1 || lacking > 0) return lacking;
  return group.pvNames.length < areas ? areas * areaBytes : undefined;
}

/**
 * How large a number of areas can be, if none of them shares a PV with another one anywhere along its length: whatever the
 * largest PVs have beyond what the others can stand beside is of no use.
 */
function largestArea(free: readonly number[], areas: number, extentBytes: number): number {
  const extents = free.map((bytes) => Math.floor(bytes / extentBytes)).sort((one, other) => other - one);
  let most = Number.POSITIVE_INFINITY;
  for (let largest = 0; largest < areas; largest += 1) {
    const rest = extents.slice(largest).reduce((sum, count) => sum + count, 0);
    most = Math.min(most, Math.floor(rest / (areas - largest)));
  }
  return most * extentBytes;
}
