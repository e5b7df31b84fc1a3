import { known } from '../model/omit-undefined.ts';
import type { Floor, Space } from '../model/pool.ts';
import type { SpaceTrend, TrendPoint } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { type Thinning, thin } from './downsample.ts';
import { type Growth, measureGrowth } from './growth.ts';

/** What is remembered of the data or the metadata of a pool. */
export interface SpaceHistory {
  readonly points: readonly TrendPoint[];
  /** Absent while it cannot be measured. */
  readonly growth?: Growth;
  /** Nothing is known since the last point. */
  readonly broken: boolean;
}

/** About a hundred points over an hour and a quarter, so that a whole hour can be measured at any time. */
const thinning: Thinning = { finestMs: 5 * secondMs, share: 1 / 14, longestMs: 4500 * secondMs };

/** How many times as far ahead as back: half a minute of growth says nothing about tomorrow, nor an hour about next year. */
const farthest = 100;

/** Takes a reading into the history. `space` is absent while it is not known. */
export function followSpace(
  before: SpaceHistory | undefined,
  space: Space | undefined,
  takenAt: number | undefined,
): SpaceHistory | undefined {
  if (space === undefined || takenAt === undefined) return before && breakOff(before);
  const last = before?.points.at(-1);
  if (before === undefined || last === undefined) return start(space, takenAt);
  if (takenAt === last.at) return before;
  // The clock was set back: how old the points are is not known any more.
  if (takenAt < last.at) return start(space, takenAt);
  const point = pointOf(space, takenAt);
  const points = thin([...before.points, before.broken ? { ...point, afterGap: true } : point], thinning);
  const growth = measureGrowth(sinceLastGap(points), resolutionOf(space));
  return known({ points, growth, broken: false });
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

/** The trend as it is now: what is left is of the present size, so that an extension counts at once. */
export function describeSpace(
  { points, growth }: SpaceHistory,
  space: Space | undefined,
  floor: Floor | undefined,
): SpaceTrend {
  if (space === undefined || growth === undefined) return { points };
  const { bytesPerSecond, overMs } = growth;
  const aboveFloor = floor && space.freeBytes - floor.bytes;
  const secondsToFloor = aboveFloor === undefined ? undefined : secondsUntil(aboveFloor, growth);
  const secondsToFull = secondsUntil(space.availableBytes, growth);
  return known({ points, bytesPerSecond, overMs, secondsToFloor, secondsToFull });
}

/** Until so many bytes are used; 0 where none is left. Absent where the growth does not tell so far ahead. */
function secondsUntil(bytes: number, { bytesPerSecond, steady, overMs }: Growth): number | undefined {
  if (bytesPerSecond <= 0) return undefined;
  if (bytes <= 0) return 0;
  const seconds = bytes / bytesPerSecond;
  return steady && seconds * secondMs <= farthest * overMs ? seconds : undefined;
}
