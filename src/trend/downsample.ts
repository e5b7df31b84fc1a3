interface Moment {
  readonly at: number;
  readonly afterGap?: true;
}

export interface Thinning {
  /** Moments are never kept closer than about this. */
  readonly finestMs: number;
  /** Distance between moments, as a share of their age. */
  readonly share: number;
  readonly longestMs: number;
}

/**
 * Moments, oldest first, without those that are closer together than their age deserves: a bounded number covers a long
 * time. What is left out before a gap or after it makes the gap wider, and never bridges it.
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
