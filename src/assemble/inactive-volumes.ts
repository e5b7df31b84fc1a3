import type { Facts, LogicalVolume } from '../model/facts.ts';
import { joinLvmName, parseLvmUuid } from '../model/names.ts';
import type { Pool } from '../model/pool.ts';
import { groupKey } from './read-times.ts';

/**
 * Adds the thin volumes that LVM lists and device-mapper does not have: those of guests that are switched off, and
 * snapshots, which LVM does not activate. They hold blocks, and are as much of a promise as the others.
 */
export function withInactiveVolumes(pools: readonly Pool[], { devices, logicalVolumes }: Facts): Pool[] {
  const byPool = groupByPool(logicalVolumes);
  if (byPool.size === 0) return [...pools];
  const active = new Set(devices.flatMap(({ uuid }) => (uuid && parseLvmUuid(uuid)?.lvUuid) ?? []));
  const names = new Set(devices.map(({ name }) => name));
  return pools.map((pool) => {
    const { lvm } = pool;
    const listed = lvm && byPool.get(poolKey(lvm, lvm.lvName));
    const inactive = (listed ?? []).filter((volume) => !isActive(volume, active, names));
    if (inactive.length === 0) return pool;
    const bytes = inactive.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
    return {
      ...pool,
      inactiveVolumeCount: pool.presence === 'unseen' ? 0 : inactive.length,
      provisionedBytes: pool.provisionedBytes + bytes,
    };
  });
}

function groupByPool(logicalVolumes: readonly LogicalVolume[]): Map<string, LogicalVolume[]> {
  const byPool = new Map<string, LogicalVolume[]>();
  for (const volume of logicalVolumes) {
    if (volume.role !== 'volume' || volume.poolLv === undefined) continue;
    const key = poolKey(volume, volume.poolLv);
    const others = byPool.get(key);
    if (others === undefined) byPool.set(key, [volume]);
    else others.push(volume);
  }
  return byPool;
}

function poolKey(volume: LogicalVolume, lvName: string): string {
  return `${groupKey(volume)}/${lvName}`;
}

function isActive(
  { vgName, lvName, lvUuid }: LogicalVolume,
  uuids: ReadonlySet<string>,
  names: ReadonlySet<string>,
): boolean {
  return lvUuid === undefined ? names.has(joinLvmName(vgName, lvName)) : uuids.has(lvUuid);
}
