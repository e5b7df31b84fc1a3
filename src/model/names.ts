import type { DeviceNumber } from './facts.ts';

/** The parts of a dm UUID of LVM: `LVM-` + VG UUID + LV UUID + layer (lvm2 lib/activate/dev_manager.c). */
export interface LvmUuid {
  readonly vgUuid: string;
  readonly lvUuid: string;
  readonly layer?: string;
}

export function parseLvmUuid(uuid: string): LvmUuid | undefined {
  const match = /^LVM-(?<vgUuid>[A-Za-z0-9]{32})(?<lvUuid>[A-Za-z0-9]{32})(?:-(?<layer>.+))?$/.exec(uuid);
  if (match?.groups === undefined) return undefined;
  const { vgUuid, lvUuid, layer } = match.groups;
  if (vgUuid === undefined || lvUuid === undefined) return undefined;
  return layer === undefined ? { vgUuid, lvUuid } : { vgUuid, lvUuid, layer };
}

/**
 * VG and LV of an LVM dm name, where every hyphen of a name is doubled (libdm, dm_split_lvm_name). Read from the
 * left: `--` is a hyphen, the first single one separates. A third part is the layer.
 */
export function splitLvmName(name: string): { vgName: string; lvName: string; layer?: string } | undefined {
  const parts = [''];
  for (let at = 0; at < name.length; at += 1) {
    const doubled = name[at] === '-' && name[at + 1] === '-';
    if (name[at] === '-' && !doubled) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${name[at]}`);
    if (doubled) at += 1;
  }
  const [vgName, lvName, ...layers] = parts;
  if (vgName === undefined || vgName === '' || lvName === undefined || lvName === '') return undefined;
  const layer = layers.join('-');
  return layer === '' ? { vgName, lvName } : { vgName, lvName, layer };
}

/** The dm name of an LV, as `splitLvmName` reads it. */
export function joinLvmName(vgName: string, lvName: string): string {
  return [vgName, lvName].map((name) => name.replaceAll('-', '--')).join('-');
}

/** The pool's dm name as users know it: LVM puts the target on a hidden `-tpool` layer while it has thin volumes. */
export function publicPoolName(dmName: string, uuid: string | undefined): string {
  const isLvm = uuid?.startsWith('LVM-') === true;
  // An LV may be called tpool itself: in vg-tpool and vg-p--tpool the word is no layer.
  const hasLayer = isLvm && splitLvmName(dmName)?.layer === 'tpool';
  return hasLayer ? dmName.slice(0, -'-tpool'.length) : dmName;
}

/** A dm device's name in sysfs and kernel messages: `dm-` and its minor number (kernel drivers/md/dm.c, alloc_dev). */
export function dmKernelName(device: DeviceNumber): string {
  return `dm-${device.slice(device.indexOf(':') + 1)}`;
}
