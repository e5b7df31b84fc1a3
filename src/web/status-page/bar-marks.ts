import { formatBytes } from '../../format/bytes.ts';
import { type Floor, isCounted, type Pool, type Resource, type Space } from '../../model/pool.ts';
import { extendsAbovePercent } from '../../thinpool/autoextend.ts';
import { hiddenReserve } from '../../thinpool/metadata-projection.ts';
import { floorOf } from '../../thinpool/minimum-free.ts';

/** A place on the way from empty to full at which something happens. */
export interface Mark {
  readonly kind: 'autoextend' | 'low-water' | 'floor' | 'host-room';
  /** Where it stands: 0 is empty, 1 is full. */
  readonly share: number;
  readonly passed: boolean;
  readonly says: string;
}

type Place = (pool: Pool, resource: Resource, space: Space) => Omit<Mark, 'passed' | 'kind'> | undefined;

/** In the order in which they are explained under the bar. */
const places: Readonly<Record<Mark['kind'], Place>> = {
  autoextend: ({ autoextend }, resource, { sizeBytes }) => {
    const percent = autoextend && extendsAbovePercent(autoextend, resource, sizeBytes);
    return percent === undefined
      ? undefined
      : { share: percent / 100, says: `LVM extends above ${percent}%` };
  },
  'low-water': (pool, resource, space) => {
    const free = resource === 'data' ? dataLowWater(pool) : metadataLowWater(pool);
    if (!isCounted(space)) return undefined;
    if (free <= 0 || free >= space.blocks) return undefined;
    return {
      share: 1 - free / space.blocks,
      says: `low water mark at ${formatBytes(free * space.blockBytes)} free`,
    };
  },
  floor: (pool, resource, space) => {
    const floor = floorOf(pool, resource);
    if (floor === undefined || floor.bytes > space.sizeBytes) return undefined;
    const keeps = `${formatBytes(floor.bytes)} ${owners[floor.origin]}`;
    return { share: 1 - floor.bytes / space.sizeBytes, says: `floor: ${keeps}${silence(pool)}` };
  },
  'host-room': (_, __, { usedBytes, availableBytes, freeBytes, sizeBytes }) => {
    if (availableBytes >= freeBytes) return undefined;
    return {
      share: (usedBytes + availableBytes) / sizeBytes,
      says: `the file system under the loop file has room up to here, ${formatBytes(availableBytes)} more`,
    };
  },
};

const owners: Readonly<Record<Floor['origin'], string>> = {
  docker: 'kept free by Docker',
  derived: "kept free by Docker's rule",
  option: 'to be kept free, by option',
};

/** Where the floor is the last word of a Docker that does not answer. */
function silence({ floorsToldAt, consumer }: Pool): string {
  return floorsToldAt !== undefined && consumer === undefined ? ' when it last answered' : '';
}

function dataLowWater({ table }: Pool): number {
  return table?.lowWaterBlocks ?? 0;
}

/** The kernel compares it with what is free beside its reserve, which the status counts as used. */
function metadataLowWater({ counters }: Pool): number {
  if (counters?.metadataLowWaterBlocks === undefined) return 0;
  return counters.metadataLowWaterBlocks - hiddenReserve(counters);
}

/** What is marked on the bar of a resource. What is not known, or not set, has no mark. */
export function marksOf(pool: Pool, resource: Resource): readonly Mark[] {
  const space = pool[resource];
  if (space === undefined) return [];
  const used = space.usedBytes / space.sizeBytes;
  return Object.entries(places).flatMap(([kind, place]) => {
    const mark = place(pool, resource, space);
    return mark === undefined
      ? []
      : [{ kind: kind as Mark['kind'], passed: isPassed(kind, used, mark.share), ...mark }];
  });
}

/** LVM acts above its threshold and Docker below its floor; the kernel acts at the mark itself. */
function isPassed(kind: string, used: number, share: number): boolean {
  return kind === 'low-water' ? used >= share : used > share;
}
