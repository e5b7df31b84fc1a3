import type { LogicalVolume, VolumeGroup } from '../model/facts.ts';

/** Letters of a UUID that distinguish two VGs; LVM prints as many before the first hyphen. */
const shortUuid = 6;

/** The VGs with what shows only beside other VGs, and in their LVs. */
export function describeGroups(
  groups: readonly VolumeGroup[],
  volumes: readonly LogicalVolume[],
): readonly VolumeGroup[] {
  const counts = new Map<string, number>();
  for (const { vgName } of groups) counts.set(vgName, (counts.get(vgName) ?? 0) + 1);
  const unknown = new Set(
    volumes.filter((volume) => volume.unknownSegments === true).map(({ vgUuid, vgName }) => vgUuid ?? vgName),
  );
  return groups.map((group) => {
    const { vgName, vgUuid } = group;
    const label = counts.get(vgName) === 1 ? undefined : labelOf(group);
    const hasUnknown = unknown.has(vgUuid ?? vgName);
    if (label === undefined && !hasUnknown) return group;
    return { ...group, ...(label && { label }), ...(hasUnknown && { unknownSegments: true }) };
  });
}

/**
 * Cloned disks, and disks of another installation, bring a second VG of one name to a host. `@` is in no VG's name (lvm2
 * lib/misc/lvm-string.c, validate_name).
 */
function labelOf({ vgName, vgUuid }: VolumeGroup): string | undefined {
  return vgUuid && `${vgName}@${vgUuid.slice(0, shortUuid)}`;
}
