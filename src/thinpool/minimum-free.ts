import type { DockerInfo } from '../model/facts.ts';
import {
  type CountedSpace,
  isCounted,
  type MinimumFree,
  type Pool,
  type Resource,
  type Space,
} from '../model/pool.ts';
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
export function minimumFreesOf(
  spaces: Spaces,
  dockerInfo: DockerInfo | undefined,
  configuredPercent: number | undefined,
  isOfContainersStorage = false,
): readonly MinimumFree[] {
  const reported = dockerInfo?.minimumFreeBytes;
  if (reported === undefined) {
    // containers/storage does not report its percentage: its default counts, unless one is configured here.
    return isOfContainersStorage && configuredPercent === undefined
      ? minimumFreesAt(spaces, containersStoragePercent, 'containers-storage')
      : minimumFreesAt(spaces, configuredPercent ?? 0, 'option');
  }
  return reported === 0 ? [] : reportedMinimumFrees(spaces, reported, dockerInfo?.dataSizeBytes);
}

/** containers/storage drivers/devmapper/deviceset.go, minFreeSpacePercent: Docker's rule, and Docker's default. */
const containersStoragePercent = 10;

/**
 * The effective minimum free of a resource: an enforced one takes precedence over one from an option. That of LVM does not
 * count: it is where autoextend begins, so a healthy pool reaches it again and again. It has its own finding
 * (docs/decisions/0017-minimum-free-origins.md).
 */
export function minimumFreeOf(pool: Pool, resource: Resource): MinimumFree | undefined {
  const minimumFrees = pool.minimumFrees.filter(
    (minimumFree) => minimumFree.resource === resource && minimumFree.origin !== 'lvm',
  );
  return minimumFrees.find(({ origin }) => origin !== 'option') ?? minimumFrees[0];
}

function reportedMinimumFrees(
  spaces: Spaces,
  reported: number,
  reportedSize: number | undefined,
): readonly MinimumFree[] {
  const printed: MinimumFree = { resource: 'data', origin: 'docker', bytes: reported };
  if (spaces.data === undefined) return [printed];
  if (!isCounted(spaces.data)) return uncountedMinimumFrees(printed, spaces, reportedSize);
  const isOutdated = reportedSize !== undefined && !prints(reportedSize, spaces.data.sizeBytes);
  const [percent, another] = isOutdated ? [] : percentsThatPrint(reported, spaces.data);
  // In a pool of less than 100 blocks several percentages give the same size: the minimum of metadata is then unknown.
  if (another !== undefined)
    return minimumFreesAt({ data: spaces.data, metadata: undefined }, another, 'docker');
  if (percent !== undefined) return minimumFreesAt(spaces, percent, 'docker');
  // Docker was queried before the pool was extended: the percentage still applies, and is more now. The reported size may
  // match another percentage of the present size, as 10% before is 5% of twice as much.
  const earlier =
    reportedSize === undefined ? undefined : percentOf(reported, reportedSize, spaces.data.blockBytes);
  return earlier === undefined ? [printed] : minimumFreesAt(spaces, earlier, 'derived');
}

/** For a pool whose blocks cannot be counted: what Docker reports for data, and the same percentage of metadata. */
function uncountedMinimumFrees(
  printed: MinimumFree,
  { metadata }: Spaces,
  reportedSize: number | undefined,
): readonly MinimumFree[] {
  const percent = reportedSize === undefined ? undefined : percentOf(printed.bytes, reportedSize, 0);
  if (percent === undefined || metadata === undefined) return [printed];
  return [printed, { resource: 'metadata', origin: 'derived', bytes: bytesAtPercent(metadata, percent) }];
}

function minimumFreesAt(
  { data, metadata }: Spaces,
  percent: number,
  origin: MinimumFree['origin'],
): MinimumFree[] {
  const minimumFrees: MinimumFree[] = [];
  if (percent === 0) return minimumFrees;
  if (data !== undefined)
    minimumFrees.push({ resource: 'data', origin, bytes: bytesAtPercent(data, percent) });
  const derived = origin === 'docker' ? 'derived' : origin;
  if (metadata !== undefined)
    minimumFrees.push({ resource: 'metadata', origin: derived, bytes: bytesAtPercent(metadata, percent) });
  return minimumFrees;
}

/** Docker uses integer division, and keeps at least one block. */
function bytesAtPercent(space: Space, percent: number): number {
  if (!isCounted(space)) return Math.floor((space.sizeBytes * percent) / 100);
  const { blocks, blockBytes } = space;
  return Math.max(1, Math.floor((blocks * percent) / 100)) * blockBytes;
}

/** The percentages, of the 1 to 99 that Docker accepts, whose share of this space Docker would print as `reported`. */
function percentsThatPrint(reported: number, { blocks, blockBytes }: CountedSpace): number[] {
  const percents: number[] = [];
  for (let percent = 1; percent < 100; percent += 1) {
    const share = Math.floor((blocks * percent) / 100) * blockBytes;
    if (prints(reported, share)) percents.push(percent);
  }
  return percents;
}

function prints(reported: number, bytes: number): boolean {
  return Math.abs(bytes - reported) <= roundingBytes(reported);
}

/** The whole percentage that `reported` is of `size`, both rounded by Docker and the share cut to a block. */
function percentOf(reported: number, size: number, blockBytes: number): number | undefined {
  const percent = Math.round((100 * reported) / size);
  const share = (size * percent) / 100;
  const tolerance = roundingBytes(reported) + (roundingBytes(size) * percent) / 100 + blockBytes;
  return percent >= 1 && percent < 100 && Math.abs(share - reported) <= tolerance ? percent : undefined;
}
