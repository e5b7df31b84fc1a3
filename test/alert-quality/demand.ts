import type { Chance } from './random.ts';
import type { Tier } from './tiers.ts';

/** What is written to (and given back by) a pool: bytes in each step of a history. */
export class Demand {
  readonly steps: Float64Array;
  readonly #step: number;

  constructor({ duration, step }: Tier) {
    this.#step = step;
    this.steps = new Float64Array(Math.floor(duration / step));
  }

  /** Spreads an amount evenly over a time. What lies beyond the end is left out. */
  add(from: number, to: number, bytes: number): this {
    const first = Math.max(0, Math.round(from / this.#step));
    const last = Math.max(first + 1, Math.round(to / this.#step));
    const each = bytes / (last - first);
    for (let index = first; index < Math.min(last, this.steps.length); index += 1)
      this.steps[index] = this.steps[index]! + each;
    return this;
  }

  /** The same, in stretches whose rates differ: 0.3 is up to 30 % more or less. */
  addUnevenly(
    from: number,
    to: number,
    bytes: number,
    chance: Chance,
    { stretch, by }: { stretch: number; by: number },
  ): this {
    const count = Math.max(1, Math.round((to - from) / stretch));
    const weights = Array.from({ length: count }, () => 1 + chance.between(-by, by));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const width = (to - from) / count;
    weights.forEach((weight, index) => {
      const start = from + index * width;
      this.add(start, start + width, (bytes * weight) / total);
    });
    return this;
  }
}
