import type { DeviceNumber, Layout } from '../../model/facts.ts';
import type { DmLine } from './line.ts';

/** Devices of a RAID that hold the parity of the others, by the beginning of its type (kernel dm-raid.c, raid_types). */
const parityOf: Readonly<Record<string, number>> = { raid4: 1, raid5: 1, raid6: 2 };

/** How a target spreads what is written over its devices. Undefined for a linear one, and where it is not known. */
export function layoutOf({ targetType, words }: DmLine): Layout | undefined {
  if (targetType === 'striped') return spread(Number(words[0]), (areas) => areas);
  if (targetType === 'mirror') return spread(mirrorLegs(words), () => 1);
  return targetType === 'raid' ? raidLayout(words) : undefined;
}

/** `type #params params… #devices (metadata data)…` */
function raidLayout(words: readonly string[]): Layout | undefined {
  const [type = '', count] = words;
  const params = words.slice(2, 2 + Number(count));
  const areas = Number(words[2 + Number(count)]);
  if (type === 'raid1') return spread(areas, () => 1);
  if (type.startsWith('raid10')) {
    const copies = params.includes('raid10_copies') ? Number(params[params.indexOf('raid10_copies') + 1]) : 2;
    return spread(areas, () => areas / copies);
  }
  if (type.startsWith('raid0')) return spread(areas, () => areas);
  const parity = parityOf[type.slice(0, 'raid4'.length)];
  return parity === undefined ? undefined : spread(areas, () => areas - parity);
}

/** `log #arguments arguments… #legs (device offset)…` */
function mirrorLegs(words: readonly string[]): number {
  return Number(words[2 + Number(words[1])]);
}

function spread(areas: number, dataOf: (areas: number) => number): Layout | undefined {
  const dataAreas = Math.floor(dataOf(areas));
  return Number.isSafeInteger(areas) && areas > 0 && dataAreas > 0 ? { areas, dataAreas } : undefined;
}

/** The device under a cache that holds what is cached, which is the one that LVM extends. */
export function originOf({ targetType }: DmLine, devices: readonly DeviceNumber[]): DeviceNumber | undefined {
  // `metadata cache origin` (kernel dm-cache-target.c, cache_ctr), `p|s origin cache` (dm-writecache.c, writecache_ctr).
  if (targetType === 'cache') return devices[2];
  return targetType === 'writecache' ? devices[0] : undefined;
}
