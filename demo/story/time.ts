/** The story repeats after this time, alternating between its two versions. */
export const cycleSeconds = 240;

/** The version of the story. */
export type Telling = 0 | 1;

export function tellingAt(seconds: number): Telling {
  return Math.floor(seconds / cycleSeconds) % 2 === 0 ? 0 : 1;
}

/** Linear from one value to another between two moments, constant before and after. */
export function ramp(second: number, [from, to]: readonly [number, number], ends: readonly [number, number]) {
  const share = Math.min(1, Math.max(0, (second - from) / (to - from)));
  return ends[0] + share * (ends[1] - ends[0]);
}

/** How many of these moments have passed. */
export function countPast(second: number, moments: readonly number[]): number {
  return moments.filter((moment) => second >= moment).length;
}
