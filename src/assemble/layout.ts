import type { DeviceNumber, DmTable, Facts, Layout } from '../model/facts.ts';

const linear: Layout = { areas: 1, dataAreas: 1 };

/** A cache has an origin, which may be cached no more. */
const deepest = 3;

/** Describes how LVM lays out a device; undefined where the device, or a target in it, is none that is known. */
export type LayoutUnder = (device: DeviceNumber) => Layout | undefined;

/** By the kernel's tables: they say it in the same words for every release of LVM, also while LVM must not be queried. */
export function mapLayouts({ devices, tables }: Pick<Facts, 'devices' | 'tables'>): LayoutUnder {
  const names = new Map(devices.map(({ device, name }) => [device, name]));
  const last = new Map<string, DmTable>();
  for (const table of tables) {
    if (table.target.kind !== 'other') continue;
    const before = last.get(table.name);
    // LVM extends like the last segment (lvm2 lib/metadata/lv_manip.c, _lvresize_adjust_extents).
    if (before === undefined || before.startSectors <= table.startSectors) last.set(table.name, table);
  }
  const tableOf = (device: DeviceNumber): DmTable | undefined => last.get(names.get(device) ?? '');
  return (device) => describe(device, tableOf, 0);
}

function describe(
  device: DeviceNumber,
  tableOf: (device: DeviceNumber) => DmTable | undefined,
  depth: number,
): Layout | undefined {
  const table = tableOf(device);
  if (table?.target.kind !== 'other' || depth > deepest) return undefined;
  const { devices, layout, origin } = table.target;
  if (origin !== undefined) return describe(origin, tableOf, depth + 1);
  const below = devices.map((one) => tableOf(one)?.targetType);
  // A volume of a VDO pool grows only where that pool has room, too; one with integrity takes more than its size.
  if (below.some((type) => type === 'vdo' || type === 'integrity')) return undefined;
  return table.targetType === 'linear' ? linear : layout;
}
