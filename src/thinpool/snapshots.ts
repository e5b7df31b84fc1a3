import type { LogicalVolume } from '../model/facts.ts';
import type { Pool, Volume } from '../model/pool.ts';

/** Where a thin volume comes from, as far as LVM reports it. */
export interface VolumeSource {
  /** LV of which it is a snapshot; absent if it is none. */
  readonly snapshotOf?: string;
  /** Unix ms. */
  readonly createdAt?: number;
}

/** By the name of the LV. Empty for a pool without LVM. */
export function sourcesOf(
  { vgName }: Pick<Pool, 'vgName'>,
  logicalVolumes: readonly LogicalVolume[],
): ReadonlyMap<string, VolumeSource> {
  if (vgName === undefined) return new Map();
  return new Map(
    logicalVolumes
      .filter((lv) => lv.vgName === vgName && lv.role === 'volume')
      .map(({ lvName, origin, createdAt }) => [
        lvName,
        {
          ...(origin !== undefined && { snapshotOf: origin }),
          ...(createdAt !== undefined && { createdAt }),
        },
      ]),
  );
}

export function sourceOf(
  { lvName }: Pick<Volume, 'lvName'>,
  sources: ReadonlyMap<string, VolumeSource>,
): VolumeSource {
  return (lvName === undefined ? undefined : sources.get(lvName)) ?? {};
}
