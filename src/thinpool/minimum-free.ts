import type { Consumer } from '../model/facts.ts';
import type { Floor, Pool, Resource, Space } from '../model/pool.ts';
import { roundingBytes } from './docker-rounding.ts';

export interface Spaces {
  readonly data: Space | undefined;
  readonly metadata: Space | undefined;
}

/**
 * The minimum free of a pool. A value reported by a consumer takes precedence over `configuredPercent` (0..99, 0: none).
 * Docker keeps a whole percentage of the data and of the metadata blocks, refuses what would leave less (moby deviceset.go,
 * poolHasFreeSpace), and prints only the data's share, rounded. The percentage behind it gives both to the block.
 */
export function floorsUnder(
  spaces: Spaces,
  consumer: Consumer | undefined,
  configuredPercent: number | undefined,
): readonly Floor[] {
  const told = consumer?.minimumFreeBytes;
  if (told === undefined) return floorsOf(spaces, configuredPercent ?? 0, 'option');
  return told === 0 ? [] : toldFloors(spaces, told, consumer?.dataSizeBytes);
}

/** The effective minimum free of a resource: an enforced one takes precedence over one from an option. */
export function floorOf(pool: Pool, resource: Resource): Floor | undefined {
  return (
    pool.floors.find((floor) => floor.resource === resource && floor.origin !== 'option') ??
    pool.floors.find((floor) => floor.resource === resource)
  );
}

function toldFloors(spaces: Spaces, told: number, toldSize: number | undefined): readonly Floor[] {
  const printed: Floor = { resource: 'data', origin: 'docker', bytes: told };
  if (spaces.data === undefined) return [printed];
  const isOld = toldSize !== undefined && !prints(toldSize, spaces.data.sizeBytes);
  const [percent, another] = isOld ? [] : percentsThatPrint(told, spaces.data);
  // In a pool of less than 100 blocks several percentages give the same size: the minimum of metadata is then unknown.
  if (another !== undefined) return floorsOf({ data: spaces.data, metadata: undefined }, another, 'docker');
  if (percent !== undefined) return floorsOf(spaces, percent, 'docker');
  // Docker was queried before the pool was extended: the percentage still applies, and is more now. The reported size may
  // match another percentage of the present size, as 10% before is 5% of twice as much.
  const earlier = toldSize === undefined ? undefined : percentOf(told, toldSize, spaces.data);
  return earlier === undefined ? [printed] : floorsOf(spaces, earlier, 'derived');
}

function floorsOf({ data, metadata }: Spaces, percent: number, origin: Floor['origin']): Floor[] {
  const floors: Floor[] = [];
  if (percent === 0) return floors;
  if (data !== undefined) floors.push({ resource: 'data', origin, bytes: floorBytes(data, percent) });
  const derived = origin === 'docker' ? 'derived' : origin;
  if (metadata !== undefined)
    floors.push({ resource: 'metadata', origin: derived, bytes: floorBytes(metadata, percent) });
  return floors;
}

/** Docker uses integer division, and keeps at least one block. */
function floorBytes({ blocks, blockBytes }: Space, percent: number): number {
  return Math.max(1, Math.floor((blocks * percent) / 100)) * blockBytes;
}

/** The percentages, of the 1 to 99 that Docker accepts, whose share of this space Docker would print as `told`. */
function percentsThatPrint(told: number, { blocks, blockBytes }: Space): number[] {
  const percents: number[] = [];
  for (let percent = 1; percent < 100; percent += 1) {
    const share = Math.floor((blocks * percent) / 100) * blockBytes;
    if (prints(told, share)) percents.push(percent);
  }
  return percents;
}

function prints(told: number, bytes: number): boolean {
  return Math.abs(bytes - told) <= roundingBytes(told);
}

/** The whole percentage that `told` is of `size`, both rounded by Docker and the share cut to a block. */
function percentOf(told: number, size: number, { blockBytes }: Space): number | undefined {
  const percent = Math.round((100 * told) / size);
  const share = (size * percent) / 100;
  const tolerance = roundingBytes(told) + (roundingBytes(size) * percent) / 100 + blockBytes;
  return percent >= 1 && percent < 100 && Math.abs(share - told) <= tolerance ? percent : undefined;
}
