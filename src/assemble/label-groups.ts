import type { VolumeGroup } from '../model/facts.ts';

/** Letters of a UUID that tell two VGs apart; LVM prints as many before the first hyphen. */
const shortUuid = 6;

/**
 * The VGs, each of those that share their name with a label of its own: cloned disks, and disks of another installation,
 * bring a second VG of one name to a host. `@` is in no VG's name (lvm2 lib/misc/lvm-string.c, validate_name).
 */
export function labelGroups(groups: readonly VolumeGroup[]): readonly VolumeGroup[] {
  const counts = new Map<string, number>();
  for (const { vgName } of groups) counts.set(vgName, (counts.get(vgName) ?? 0) + 1);
  return groups.map((group) => {
    const { vgName, vgUuid } = group;
    if (counts.get(vgName) === 1 || vgUuid === undefined) return group;
    return { ...group, label: `${vgName}@${vgUuid.slice(0, shortUuid)}` };
  });
}
