interface Timed {
  readonly at: number;
  readonly afterGap?: true;
}

export interface Spacing {
  /** Smallest distance between moments that are kept. */
  readonly finestMs: number;
  /** Distance between moments, as a share of their age. */
  readonly share: number;
  readonly longestMs: number;
}

/**
 * Drops moments that are too close together for their age, so that a bounded number covers a long time. Oldest first.
 * Dropping a moment next to a gap widens the gap, and never bridges it.
 */
export function downsample<Point extends Timed>(
  points: readonly Point[],
  { finestMs, share, longestMs }: Spacing,
): readonly Point[] {
  const newest = points.at(-1)?.at ?? 0;
  const young = points.filter(({ at }) => newest - at <= longestMs);
  const kept: Point[] = [];
  let gapIsOpen = false;
  for (const [index, point] of young.entries()) {
    const before = kept.at(-1);
    const after = young[index + 1];
    const distance = Math.max(finestMs, (newest - point.at) * share);
    const isNeeded = before === undefined || after === undefined || after.at - before.at > distance;
    gapIsOpen ||= point.afterGap === true;
    if (!isNeeded) continue;
    kept.push(gapIsOpen && point.afterGap === undefined ? { ...point, afterGap: true } : point);
    gapIsOpen = false;
  }
  return kept;
}
