/** Pseudorandom numbers and are the same for the same seed (mulberry32). */
export interface Random {
  /** A whole number from `low` to `high`, both included. */
  readonly between: (low: number, high: number) => number;
  /** True once in a number of times, on average. */
  readonly onceIn: (times: number) => boolean;
  readonly oneOf: <Value>(values: readonly Value[]) => Value | undefined;
}

export function randomFrom(seed: number): Random {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    between,
    onceIn: (times) => next() * times < 1,
    oneOf: (values) => values[between(0, values.length - 1)],
  };
}
