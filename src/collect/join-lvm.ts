import type { DmDevice, Facts, LogicalVolume } from '../model/facts.ts';
import type { Pool } from '../model/host.ts';
import { type Known, known } from '../model/known.ts';
import { type LvmUuid, parseLvmUuid, splitLvmName } from '../model/names.ts';

type LvmPart = Pick<Pool, 'vgName' | 'lvName' | 'lvm' | 'volumeGroup'>;

/** What LVM tells of a pool device: joined by the UUIDs that stand in its dm UUID, else by name. */
export function joinLvm({ name, uuid }: DmDevice, facts: Facts): Known<LvmPart> {
  const ids = uuid === undefined ? undefined : parseLvmUuid(uuid);
  if (ids === undefined) return {};
  const names = splitLvmName(name);
  const lvm = facts.logicalVolumes.find((volume) => isSame(volume, ids));
  const vgName = lvm?.vgName ?? names?.vgName;
  return known({
    vgName,
    lvName: lvm?.lvName ?? names?.lvName,
    lvm,
    volumeGroup: facts.volumeGroups.find((group) => group.vgUuid === ids.vgUuid || group.vgName === vgName),
  });
}

function isSame(volume: LogicalVolume, ids: LvmUuid): boolean {
  return volume.lvUuid === ids.lvUuid && (volume.vgUuid === undefined || volume.vgUuid === ids.vgUuid);
}
