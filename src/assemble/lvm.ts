import type { Daemon, DmDevice, Facts, LogicalVolume, VolumeGroup } from '../model/facts.ts';
import { type LvmUuid, parseLvmUuid, splitLvmName } from '../model/names.ts';
import { type OmitUndefined, omitUndefined } from '../model/omit-undefined.ts';
import type { Autoextend, MetadataSpare, Pool } from '../model/pool.ts';
import { canExtend, planAutoextend } from '../thinpool/autoextend.ts';

type LvmPart = Pick<Pool, 'vgName' | 'lvName' | 'lvm' | 'volumeGroup' | 'spare' | 'autoextend'>;
type GrowingPart = Pick<Pool, 'lengthSectors' | 'counters' | 'layouts'>;

/** LVM's facts about a pool device: joined by the UUIDs in its dm UUID, else by name. */
export function joinLvm(
  { name, uuid }: DmDevice,
  growing: OmitUndefined<GrowingPart>,
  facts: Facts,
): OmitUndefined<LvmPart> {
  const ids = uuid === undefined ? undefined : parseLvmUuid(uuid);
  const names = splitLvmName(name);
  if (ids === undefined || names === undefined) return {};
  const found = facts.logicalVolumes.find((volume) => isSame(volume, ids, names));
  const lvm = found && withoutStaleMonitoring(found, facts.daemons);
  const vgName = lvm?.vgName ?? names.vgName;
  const volumeGroup = volumeGroupOf({ vgUuid: ids.vgUuid, vgName }, facts);
  const spare = lvm && spareBeside(lvm, facts.logicalVolumes);
  const autoextend = lvm && planOf({ ...growing, ...omitUndefined({ lvm, volumeGroup, spare }) }, facts);
  return omitUndefined({ vgName, lvName: lvm?.lvName ?? names.lvName, lvm, volumeGroup, spare, autoextend });
}

/** Known where LVM lists what it hides, such as the pool's own parts. */
export function spareBeside(
  pool: LogicalVolume,
  volumes: readonly LogicalVolume[],
): MetadataSpare | undefined {
  const inGroup = volumes.filter(
    ({ vgName, vgUuid }) => vgName === pool.vgName && (vgUuid === undefined || vgUuid === pool.vgUuid),
  );
  if (!inGroup.some(({ role, lvName }) => role === 'other' && lvName === `${pool.lvName}_tmeta`))
    return undefined;
  const spare = inGroup.find(({ role, lvName }) => role === 'other' && lvName.endsWith('_pmspare'));
  const others = inGroup.filter(({ role, lvName }) => role === 'pool' && lvName !== pool.lvName);
  return {
    sizeBytes: spare === undefined ? 0 : (spare.sizeBytes ?? 0),
    largestOtherBytes: Math.max(0, ...others.map(({ metadataSizeBytes }) => metadataSizeBytes ?? 0)),
  };
}

export function volumeGroupOf(
  { vgUuid, vgName }: Pick<LogicalVolume, 'vgUuid' | 'vgName'>,
  { volumeGroups }: Facts,
): VolumeGroup | undefined {
  return volumeGroups.find(
    (group) => (group.vgUuid ?? vgUuid) === (vgUuid ?? group.vgUuid) && group.vgName === vgName,
  );
}

/** The default policy has no profile, and neither have volumes that use it. */
export function planOf(
  pool: OmitUndefined<GrowingPart & Pick<Pool, 'lvm' | 'volumeGroup' | 'spare'>>,
  { extendPolicies }: Facts,
): Autoextend | undefined {
  const policy = extendPolicies.find(({ profile }) => profile === pool.lvm?.profile);
  return policy && planAutoextend(pool, policy);
}

/** Monitoring as reported by LVM is no longer true once dmeventd has exited or is stopped. */
function withoutStaleMonitoring(volume: LogicalVolume, daemons: readonly Daemon[]): LogicalVolume {
  if (canExtend(daemons) !== false || volume.monitored !== true) return volume;
  const { monitored: _, ...rest } = volume;
  return rest;
}

function isSame(volume: LogicalVolume, ids: LvmUuid, names: { vgName: string; lvName: string }): boolean {
  if (volume.lvUuid !== undefined) return volume.lvUuid === ids.lvUuid;
  return volume.vgName === names.vgName && volume.lvName === names.lvName;
}
