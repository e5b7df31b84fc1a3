import type { TrendPoint } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';

export interface Growth {
  readonly bytesPerSecond: number;
  readonly overMs: number;
  /** It has gone on in this way over all of `overMs`, and by enough blocks to tell: it may be prolonged. */
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
/** Fewer points than this are no line. */
const pointsMin = 4;
/** A window counts when so much of it has been watched. */
const coverage = 0.75;
/** How far points may lie off the line, as a share of its rise, and still be on it. */
const straightness = 0.2;
/** How far a rate may be off what a shorter window saw. */
const agreement = 0.25;
/** Used space comes in blocks: less than this is no rise, and no deviation. */
const resolutionBlocks = 2;

/**
 * How fast used space grows now. `points` are of one stretch, without a gap.
 *
 * The rate is a rise over a window: half a minute, two, ten, an hour. Taken is the shortest window in which the points
 * lie on a line, then any longer one in which they still do and of which the rate is what the shorter ones saw too. So
 *
 * - a steady fill is told after about half a minute, and the longer it goes on, the longer is the time it was measured over,
 * - a burst that has ended is forgotten after half a minute, however long it was: a longer window would not agree,
 * - a slow fill, of less than a block a window, is measured in the window that is long enough to see it,
 * - where the points lie on no line (one jump, a fill that has just begun, writes now and then), the rise over the
 *   shortest window is told, and that it is not steady: nothing should be concluded from it.
 *
 * Least squares over one window would be simpler, but follows an end and a beginning only over that whole window, and
 * says of a single jump that it will go on.
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

/** Whether the shorter window saw the rise that this rate makes in its time. */
function isSeenIn({ overMs, slope }: Span, rate: number, resolution: number): boolean {
  const expected = rate * overMs;
  const tolerance = Math.max(resolution, agreement * Math.abs(expected));
  return Math.abs(slope * overMs - expected) <= tolerance;
}
