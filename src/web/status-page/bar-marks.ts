import { formatBytes } from '../../format/bytes.ts';
import { isCounted, type MinimumFree, type Pool, type Resource, type Space } from '../../model/pool.ts';
import type { Limits } from '../../rules/limits.ts';
import { nearlyFullShares } from '../../rules/nearly-full.ts';
import { extendsAbovePercent } from '../../thinpool/autoextend.ts';
import { hiddenReserve } from '../../thinpool/metadata-projection.ts';
import { minimumFreeOf } from '../../thinpool/minimum-free.ts';

/** A level of usage at which something happens. */
export interface Mark {
  readonly kind: 'autoextend' | 'low-water' | 'minimum-free' | 'host-room' | 'warning' | 'critical';
  /** 0 is empty, 1 is full. */
  readonly share: number;
  readonly passed: boolean;
  readonly message: string;
}

type Place = (
  pool: Pool,
  resource: Resource,
  space: Space,
  limits: Limits,
) => Omit<Mark, 'passed' | 'kind'> | undefined;

/** In the order of their explanations under the bar. */
const places: Readonly<Record<Mark['kind'], Place>> = {
  autoextend: ({ autoextend }, resource, { sizeBytes }) => {
    const percent = autoextend && extendsAbovePercent(autoextend, resource, sizeBytes);
    return percent === undefined
      ? undefined
      : { share: percent / 100, message: `LVM autoextends above ${percent}%` };
  },
  'low-water': (pool, resource, space) => {
    const free = resource === 'data' ? dataLowWater(pool) : metadataLowWater(pool);
    if (!isCounted(space)) return undefined;
    if (free <= 0 || free >= space.blocks) return undefined;
    return {
      share: 1 - free / space.blocks,
      message: `low water mark at ${formatBytes(free * space.blockBytes)} free`,
    };
  },
  'minimum-free': (pool, resource, space) => {
    const minimumFree = minimumFreeOf(pool, resource);
    if (minimumFree === undefined || minimumFree.bytes > space.sizeBytes) return undefined;
    const origin = `${owners[minimumFree.origin]}${describeReportAge(pool)}`;
    return {
      share: 1 - minimumFree.bytes / space.sizeBytes,
      message: `minimum free ${formatBytes(minimumFree.bytes)} (${origin})`,
    };
  },
  'host-room': ({ stack }, __, { usedBytes, availableBytes, freeBytes, sizeBytes }) => {
    if (availableBytes >= freeBytes) return undefined;
    return {
      share: (usedBytes + availableBytes) / sizeBytes,
      message: `${stack.some(({ layer }) => layer?.target === 'vdo') ? 'the VDO volume under the pool' : 'the file system under the loop file'} is full here (${formatBytes(availableBytes)} left)`,
    };
  },
  warning: (_, resource, space, limits) => nearlyFull('warning', nearlyFullShares(resource, space, limits)),
  critical: (_, resource, space, limits) => nearlyFull('critical', nearlyFullShares(resource, space, limits)),
};

function nearlyFull(
  severity: 'warning' | 'critical',
  shares: ReturnType<typeof nearlyFullShares>,
): Omit<Mark, 'passed' | 'kind'> {
  const share = shares[severity];
  return { share, message: `nearly full (${severity}) above ${Math.round(share * 10_000) / 100}%` };
}

const owners: Readonly<Record<MinimumFree['origin'], string>> = {
  docker: 'Docker',
  derived: 'calculated as Docker does',
  'containers-storage': 'containers-storage',
  lvm: 'LVM',
  option: 'configured',
};

function describeReportAge({ minimumFreeReportedAt, dockerInfo }: Pool): string {
  return minimumFreeReportedAt !== undefined && dockerInfo === undefined ? ', as last reported' : '';
}

function dataLowWater({ table }: Pool): number {
  return table?.lowWaterBlocks ?? 0;
}

/** The kernel compares the mark with free space without its reserve, which the status counts as used. */
function metadataLowWater({ counters }: Pool): number {
  if (counters?.metadataLowWaterBlocks === undefined) return 0;
  return counters.metadataLowWaterBlocks - hiddenReserve(counters);
}

/** The marks on the bar of a resource. Unknown or unset levels have none. */
export function marksOf(pool: Pool, resource: Resource, limits: Limits): readonly Mark[] {
  const space = pool[resource];
  if (space === undefined) return [];
  const used = space.usedBytes / space.sizeBytes;
  return Object.entries(places).flatMap(([kind, place]) => {
    const mark = place(pool, resource, space, limits);
    return mark === undefined
      ? []
      : [{ kind: kind as Mark['kind'], passed: isPassed(kind, used, mark.share), ...mark }];
  });
}

/** LVM and this exporter act above their thresholds and Docker below its minimum; the kernel acts at the mark itself. */
function isPassed(kind: string, used: number, share: number): boolean {
  return kind === 'low-water' ? used >= share : used > share;
}
