import type { TrendPoint } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';

export interface Growth {
  readonly bytesPerSecond: number;
  readonly overMs: number;
  /** It was like this over all of `overMs`, by enough blocks to be sure, and may be extrapolated. */
  readonly steady: boolean;
}

interface Span {
  readonly points: readonly TrendPoint[];
  readonly first: TrendPoint;
  readonly last: TrendPoint;
  readonly overMs: number;
  /** Bytes a millisecond. */
  readonly slope: number;
}

const windowsMs = [30, 120, 600, 3600].map((seconds) => seconds * secondMs);
/** Minimum number of points for a line. */
const pointsMin = 4;
/** A window counts if at least this share of it has data. */
const coverage = 0.75;
/** Maximum distance of points from the line, as a share of its rise. */
const straightness = 0.2;
/** Maximum deviation of a rate from that of a shorter window. */
const agreement = 0.25;
/** Used space changes in blocks: a smaller change is neither a rise nor a deviation. */
const resolutionBlocks = 2;

/**
 * How fast used space grows now. `points` have no gap.
 *
 * The rate is the rise over a window of half a minute, two minutes, ten minutes or an hour. It starts with the shortest
 * window in which the points are on a line, and goes on to longer ones as long as this holds and their rate agrees with the
 * shorter windows. Therefore
 *
 * - a steady fill is reported after about half a minute, and the longer it lasts, the longer is the measured window,
 * - a burst that has ended is forgotten after half a minute, however long it was, because longer windows do not agree,
 * - a slow fill, of less than a block per window, is measured in a window long enough to show it,
 * - if the points are on no line (one jump, a fill that has just begun, occasional writes), the rise over the shortest window
 *   is reported as not steady, and must not be extrapolated.
 *
 * Least squares over one window would be simpler. But it needs the whole window to react to a start or an end, and it
 * extrapolates a single jump.
 */
export function measureGrowth(points: readonly TrendPoint[], blockBytes: number): Growth | undefined {
  const spans = windowsMs.flatMap((windowMs) => spanOf(points, windowMs) ?? []);
  const [shortest] = spans;
  if (shortest === undefined) return undefined;
  const resolution = resolutionBlocks * blockBytes;
  const widest = widestAgreed(
    spans.filter((span) => isStraight(span, resolution)),
    resolution,
  );
  const { slope, overMs } = widest ?? shortest;
  const rise = Math.abs(slope * overMs);
  return {
    bytesPerSecond: slope * secondMs,
    overMs,
    steady: widest !== undefined && rise >= 2 * resolution,
  };
}

function spanOf(points: readonly TrendPoint[], windowMs: number): Span | undefined {
  const last = points.at(-1);
  const [oldest] = points;
  if (last === undefined || oldest === undefined) return undefined;
  const from = points.findLastIndex(({ at }) => last.at - at >= windowMs);
  if (from < 0 && last.at - oldest.at < windowMs * coverage) return undefined;
  const within = points.slice(Math.max(from, 0));
  const [first] = within;
  if (first === undefined || within.length < pointsMin) return undefined;
  const overMs = last.at - first.at;
  return { points: within, first, last, overMs, slope: (last.usedBytes - first.usedBytes) / overMs };
}

function isStraight({ points, first, overMs, slope }: Span, resolution: number): boolean {
  const tolerance = Math.max(resolution, straightness * Math.abs(slope * overMs));
  return points.every(
    ({ at, usedBytes }) => Math.abs(usedBytes - first.usedBytes - slope * (at - first.at)) <= tolerance,
  );
}

function widestAgreed(spans: readonly Span[], resolution: number): Span | undefined {
  const agreed: Span[] = [];
  for (const span of spans) {
    if (!agreed.every((shorter) => isSeenIn(shorter, span.slope, resolution))) break;
    agreed.push(span);
  }
  return agreed.at(-1);
}

/** Whether the shorter window shows the rise that this rate predicts for it. */
function isSeenIn({ overMs, slope }: Span, rate: number, resolution: number): boolean {
  const expected = rate * overMs;
  const tolerance = Math.max(resolution, agreement * Math.abs(expected));
  return Math.abs(slope * overMs - expected) <= tolerance;
}
