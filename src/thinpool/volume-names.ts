import type { DmDevice, Facts } from '../model/facts.ts';
import { parseLvmUuid, splitLvmName } from '../model/names.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { KnownAs } from '../model/pool.ts';
import { dockerDevice } from './owner.ts';

/** Gives the name of a thin volume in the tool that uses it, for the pool device with this dm name. */
export type NameVolume = (volume: DmDevice, poolName: string | undefined) => KnownAs | undefined;

/**
 * The tool that created the device has its own name for it: LVM `vg/lv`, Docker a container, containerd a snapshot. Docker's
 * base device, under all its images, has a fixed name (moby deviceset.go, devInfo.Name).
 */
export function nameVolumes({ deviceUsers }: Pick<Facts, 'deviceUsers'>): NameVolume {
  const users = new Map(deviceUsers.map((user) => [user.dmName, user]));
  return ({ name, uuid }, poolName) => {
    const user = users.get(name);
    if (user !== undefined) return omitUndefined({ kind: user.kind, name: user.name, image: user.image });
    if (uuid !== undefined && parseLvmUuid(uuid) !== undefined) return nameLv(name);
    if (dockerDevice(name) === 'base') return { kind: 'docker-image', name: 'base' };
    return nameSnapshot(name, poolName);
  };
}

function nameLv(dmName: string): KnownAs | undefined {
  const parts = splitLvmName(dmName);
  return parts && { kind: 'lvm', name: `${parts.vgName}/${parts.lvName}` };
}

/** containerd does not report which snapshot has which number (containerd snapshots/devmapper/snapshotter.go, getDeviceName). */
function nameSnapshot(dmName: string, poolName: string | undefined): KnownAs | undefined {
  const start = `${poolName}-snap-`;
  const id = dmName.startsWith(start) ? dmName.slice(start.length) : '';
  return /^\d+$/.test(id) ? { kind: 'containerd-snapshot', name: id } : undefined;
}
