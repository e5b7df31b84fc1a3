import { createHash } from 'node:crypto';

/** 32 letters and digits as in a device-mapper UUID, always the same for the same name. */
export function lvmId(thing: string): string {
  return createHash('sha256').update(thing).digest('hex').slice(0, 32);
}

/** As LVM prints it: 6-4-4-4-4-4-6. */
export function lvmUuid(thing: string): string {
  return lvmId(thing).replace(/^(.{6})(.{4})(.{4})(.{4})(.{4})(.{4})(.{6})$/, '$1-$2-$3-$4-$5-$6-$7');
}

/** The dm UUID of an LV's device: `-tpool`, `-tdata`, … or nothing. */
export function dmUuid(vg: string, lv: string, layer: string): string {
  return `LVM-${lvmId(vg)}${lvmId(`${vg}/${lv}`)}${layer}`;
}
