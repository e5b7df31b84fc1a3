interface Moment {
  readonly at: number;
  readonly afterGap?: true;
}

export interface Thinning {
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
export function thin<One extends Moment>(
  moments: readonly One[],
  { finestMs, share, longestMs }: Thinning,
): readonly One[] {
  const newest = moments.at(-1)?.at ?? 0;
  const young = moments.filter(({ at }) => newest - at <= longestMs);
  const kept: One[] = [];
  let gapIsOpen = false;
  for (const [index, moment] of young.entries()) {
    const before = kept.at(-1);
    const after = young[index + 1];
    const distance = Math.max(finestMs, (newest - moment.at) * share);
    const isNeeded = before === undefined || after === undefined || after.at - before.at > distance;
    gapIsOpen ||= moment.afterGap === true;
    if (!isNeeded) continue;
    kept.push(gapIsOpen && moment.afterGap === undefined ? { ...moment, afterGap: true } : moment);
    gapIsOpen = false;
  }
  return kept;
}
