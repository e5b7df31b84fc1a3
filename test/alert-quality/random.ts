/** A seeded random number generator: the same seed gives the same histories everywhere (mulberry32). */
export interface Chance {
  /** From `low` up to, not with, `high`. */
  readonly between: (low: number, high: number) => number;
  /** Likewise, each order of magnitude as likely as another. */
  readonly logBetween: (low: number, high: number) => number;
  readonly whole: (low: number, high: number) => number;
  readonly pick: <T>(queryOptions: readonly T[]) => T;
  readonly heads: (probability: number) => boolean;
}

export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number): number => low + (high - low) * next();
  const whole = (low: number, high: number): number => Math.floor(between(low, high + 1));
  return {
    between,
    logBetween: (low, high) => Math.exp(between(Math.log(low), Math.log(high))),
    whole,
    pick: (queryOptions) => queryOptions[whole(0, queryOptions.length - 1)]!,
    heads: (probability) => next() < probability,
  };
}

/** A seed of its own for each name, so that one more history changes no other. */
export function seedOf(name: string): number {
  let hash = 2166136261;
  for (const char of name) hash = Math.imul(hash ^ char.charCodeAt(0), 16777619);
  return hash >>> 0;
}
