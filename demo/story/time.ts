/** After so many seconds the story is told again, and told in turn the one way and the other. */
export const cycleSeconds = 240;

/** Which way it is told. */
export type Telling = 0 | 1;

export function tellingAt(seconds: number): Telling {
  return Math.floor(seconds / cycleSeconds) % 2 === 0 ? 0 : 1;
}

/** The way from one value to another between two moments; before and after it stands still. */
export function ramp(second: number, [from, to]: readonly [number, number], ends: readonly [number, number]) {
  const share = Math.min(1, Math.max(0, (second - from) / (to - from)));
  return ends[0] + share * (ends[1] - ends[0]);
}

/** How many of these moments are over. */
export function countPast(second: number, moments: readonly number[]): number {
  return moments.filter((moment) => second >= moment).length;
}
