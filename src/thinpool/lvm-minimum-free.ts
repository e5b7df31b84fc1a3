import type { MinimumFree, Pool, Resource, Space } from '../model/pool.ts';
import { isCounted, resources } from '../model/pool.ts';

/** What LVM always keeps free of a pool's metadata: 4 MiB, or a quarter where that is less. */
const reserveBytes = 4 * 1024 ** 2;
const reserveShare = 0.25;

/** A status without a commit counts about 55 blocks more than LVM, whose own check commits first (seen: 2.03.31, kernel 6.12). */
const uncommittedBlocks = 64;

type Parts = Pick<Pool, 'owner' | 'volumes' | 'data' | 'metadata'> &
  Partial<Pick<Pool, 'lvm' | 'autoextend' | 'dockerInfo'>>;

/** LVM refuses only what it is to create itself: Docker and containerd make the volumes of their pools themselves. */
function makesVolumes({ owner, dockerInfo, lvm, volumes }: Parts): boolean {
  if (owner !== 'lvm' || dockerInfo !== undefined) return false;
  return (lvm?.thinCount ?? volumes.filter(({ lvName }) => lvName !== undefined).length) > 0;
}

/**
 * Free space below which `lvcreate` makes no thin volume and no snapshot (lvm2 lib/metadata/thin_manip.c,
 * thin_pool_below_threshold): what lies above the autoextend threshold of the pool's profile, whether LVM extends the
 * pool or not, and of metadata a reserve in any case.
 */
export function lvmMinimums(pool: Parts): readonly MinimumFree[] {
  if (!makesVolumes(pool)) return [];
  return resources.flatMap((resource) => {
    const space = pool[resource];
    const limit = space && limitOf(pool, resource, space);
    return limit === undefined ? [] : [{ resource, origin: 'lvm', bytes: limit.freeBytes } as const];
  });
}

interface Limit {
  /** What is to be free. */
  readonly freeBytes: number;
  /** The same as use, in percent. */
  readonly percent: number;
  readonly why: 'threshold' | 'reserve';
}

function limitOf({ lvm, autoextend }: Parts, resource: Resource, space: Space): Limit | undefined {
  const { sizeBytes } = space;
  const percent = autoextend?.configuredPercent ?? autoextend?.thresholdPercent ?? 100;
  const { blocks, blockBytes } = isCounted(space) ? space : { blocks: sizeBytes, blockBytes: 1 };
  const freeBytes = (blocks - Math.floor((blocks * percent) / 100)) * blockBytes;
  const threshold = percent < 100 ? ({ freeBytes, percent, why: 'threshold' } as const) : undefined;
  if (resource === 'data') return threshold;
  const size = lvm?.metadataSizeBytes ?? sizeBytes;
  const kept = Math.min(reserveBytes, Math.floor(reserveShare * size));
  const reserve = { freeBytes: kept, percent: 100 - (100 * kept) / size, why: 'reserve' } as const;
  return threshold !== undefined && threshold.percent < reserve.percent ? threshold : reserve;
}

/** LVM makes no new volume in a pool, because of one of its resources. */
export interface Refusal {
  readonly resource: Resource;
  readonly usedPercent: number;
  readonly limitPercent: number;
  readonly why: Limit['why'];
  /** So close to the limit that LVM's own count may be below it. */
  readonly isClose: boolean;
}

/** LVM's own figures lack only what was rounded away. */
function toleranceOf(space: Space): number {
  return isCounted(space) ? uncommittedBlocks * space.blockBytes : (space.roundingBytes ?? 0);
}

export function refusalsOf(pool: Parts): readonly Refusal[] {
  if (!makesVolumes(pool)) return [];
  return resources.flatMap((resource) => {
    const space = pool[resource];
    const limit = space && limitOf(pool, resource, space);
    if (space === undefined || limit === undefined) return [];
    const usedPercent = (100 * space.usedBytes) / space.sizeBytes;
    // LVM compares with its threshold by "more than", with its reserve by "as much as".
    const isOver = limit.why === 'threshold' ? usedPercent > limit.percent : usedPercent >= limit.percent;
    const overBytes = space.usedBytes - (space.sizeBytes * limit.percent) / 100;
    const isClose = overBytes <= toleranceOf(space);
    return isOver ? [{ resource, usedPercent, limitPercent: limit.percent, why: limit.why, isClose }] : [];
  });
}
