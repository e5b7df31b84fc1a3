import type { DmDevice, Fragment } from '../../model/facts.ts';
import { parseLvmUuid, splitLvmName } from '../../model/names.ts';

/** Every user-chosen name in the facts: of devices, volumes, groups, profiles, pools and files. */
export function namesIn(fragments: readonly Fragment[]): string[] {
  const names = new Set<string | undefined>();
  const add = (...found: readonly (string | undefined)[]): void => {
    for (const name of found) names.add(name);
  };
  for (const facts of fragments) {
    for (const device of facts.devices ?? []) add(...namesOf(device));
    for (const { vgName, lvName, profile, poolLv, origin } of facts.logicalVolumes ?? [])
      add(vgName, profile, ...[lvName, poolLv, origin].flatMap(withHidden));
    for (const { vgName, pvNames } of facts.volumeGroups ?? []) add(vgName, ...pvNames.filter(isChosen));
    for (const { profile } of facts.extendPolicies ?? []) add(profile);
    for (const { poolName, dataLoopFile, metadataLoopFile } of facts.consumers ?? [])
      add(poolName, dataLoopFile, metadataLoopFile);
    for (const { name, image } of facts.deviceUsers ?? []) add(name, image);
    for (const { backingFile } of facts.blockDevices ?? []) add(backingFile);
    for (const { path } of facts.fileSystems ?? []) add(path);
  }
  return [...names].filter((name): name is string => name !== undefined && name !== '');
}

/** The name of an LVM device contains group and volume, even if LVM itself was not queried. */
function namesOf({ name, uuid }: DmDevice): (string | undefined)[] {
  if (uuid === undefined || parseLvmUuid(uuid) === undefined) return [name, uuid];
  const parts = splitLvmName(name);
  return [name, parts?.vgName, parts?.lvName];
}

/** `lvs -a` shows the parts of a volume under its name and a suffix (man lvmthin). */
function withHidden(lvName: string | undefined): string[] {
  if (lvName === undefined) return [];
  return ['', '_tdata', '_tmeta', '_cdata', '_cmeta', '_corig', '_cvol'].map(
    (suffix) => `${lvName}${suffix}`,
  );
}

/** `/dev/sda2` is named by the kernel, `/dev/mapper/orders` by a user. */
function isChosen(pvName: string): boolean {
  return !/^\/dev\/[^/]+$/.test(pvName);
}
