import type { BlockDevice, DeviceNumber } from '../../model/facts.ts';

/** A device in a stack: the top ones are known by number from a dm table, those below by name from sysfs. */
export type StackPlace = { readonly number: DeviceNumber } | { readonly name: string };

/** Deeper than any sane stack: pool, LV, crypt, md, multipath, partition, disk. */
const depthMax = 8;
const placesMax = 256;

/**
 * The devices under `tops`, level by level, as far as they are in `known`: an unknown device has nothing below it. A device
 * that is reached twice, by number or by name, appears once.
 */
export function walkStack(
  tops: readonly DeviceNumber[],
  known: readonly BlockDevice[],
): readonly StackPlace[] {
  const places: StackPlace[] = [];
  const seen = new Set<string>();
  let level: readonly StackPlace[] = tops.map((number) => ({ number }));
  for (let depth = 0; depth < depthMax && level.length > 0; depth += 1) {
    const next: StackPlace[] = [];
    for (const place of level) {
      const found = find(place, known);
      const identity = found?.name ?? ('number' in place ? place.number : place.name);
      if (places.length >= placesMax || seen.has(identity)) continue;
      seen.add(identity);
      places.push(place);
      for (const name of found === undefined ? [] : namesBelow(found)) next.push({ name });
    }
    level = next;
  }
  return places;
}

function find(place: StackPlace, known: readonly BlockDevice[]): BlockDevice | undefined {
  if ('number' in place) return known.find((device) => device.device === place.number);
  return known.find((device) => device.name === place.name);
}

function namesBelow(device: BlockDevice): readonly string[] {
  return device.parent === undefined ? device.slaves : [...device.slaves, device.parent];
}
