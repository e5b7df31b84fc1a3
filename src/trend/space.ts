import { omitUndefined } from '../model/omit-undefined.ts';
import type { MinimumFree, Space } from '../model/pool.ts';
import type { SpaceTrend, TrendPoint } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { downsample, type Spacing } from './downsample.ts';
import { type Growth, measureGrowth } from './growth.ts';

/** The history of the data or the metadata of a pool. */
export interface SpaceHistory {
  readonly points: readonly TrendPoint[];
  /** Absent as long as it cannot be measured. */
  readonly growth?: Growth;
  /** There is no data since the last point. */
  readonly broken: boolean;
}

/** About a hundred points over 75 minutes, so that a whole hour can always be measured. */
const spacing: Spacing = { finestMs: 5 * secondMs, share: 1 / 14, longestMs: 4500 * secondMs };

/** How far ahead to predict, as a multiple of the measured time: half a minute of growth predicts nothing about tomorrow. */
const farthest = 100;

/** Adds a poll to the history. `space` is absent while it is unknown. */
export function updateSpace(
  before: SpaceHistory | undefined,
  space: Space | undefined,
  takenAt: number | undefined,
): SpaceHistory | undefined {
  if (space === undefined || takenAt === undefined) return before && breakOff(before);
  const last = before?.points.at(-1);
  if (before === undefined || last === undefined) return start(space, takenAt);
  if (takenAt === last.at) return before;
  // The clock was set back, so the age of the points is unknown.
  if (takenAt < last.at) return start(space, takenAt);
  const point = pointOf(space, takenAt);
  const points = downsample(
    [...before.points, before.broken ? { ...point, afterGap: true } : point],
    spacing,
  );
  const growth = measureGrowth(sinceLastGap(points), resolutionOf(space));
  return omitUndefined({ points, growth, broken: false });
}

/** What is counted comes in blocks, and what is printed in steps of its rounding. */
function resolutionOf({ blockBytes, roundingBytes }: Space): number {
  return blockBytes ?? 2 * (roundingBytes ?? 0);
}

function breakOff({ points, broken, growth }: SpaceHistory): SpaceHistory {
  return broken && growth === undefined ? { points, broken } : { points, broken: true };
}

function start(space: Space, takenAt: number): SpaceHistory {
  return { points: [pointOf(space, takenAt)], broken: false };
}

function pointOf({ usedBytes, sizeBytes }: Space, at: number): TrendPoint {
  return { at, usedBytes, sizeBytes };
}

function sinceLastGap(points: readonly TrendPoint[]): readonly TrendPoint[] {
  return points.slice(
    Math.max(
      0,
      points.findLastIndex(({ afterGap }) => afterGap === true),
    ),
  );
}

/** The current trend. Space left is that of the current size, so an extension counts immediately. */
export function describeSpace(
  { points, growth }: SpaceHistory,
  space: Space | undefined,
  minimumFree: MinimumFree | undefined,
): SpaceTrend {
  if (space === undefined || growth === undefined) return { points };
  const { bytesPerSecond, overMs } = growth;
  const aboveMinimumFree = minimumFree && space.freeBytes - minimumFree.bytes;
  const secondsToMinimumFree =
    aboveMinimumFree === undefined ? undefined : secondsUntil(aboveMinimumFree, growth);
  const secondsToFull = secondsUntil(space.availableBytes, growth);
  return omitUndefined({ points, bytesPerSecond, overMs, secondsToMinimumFree, secondsToFull });
}

/** Seconds until these bytes are used up. Absent if that is too far ahead to predict. */
function secondsUntil(bytes: number, { bytesPerSecond, steady, overMs }: Growth): number | undefined {
  if (bytesPerSecond <= 0) return undefined;
  if (bytes <= 0) return 0;
  const seconds = bytes / bytesPerSecond;
  return steady && seconds * secondMs <= farthest * overMs ? seconds : undefined;
}
