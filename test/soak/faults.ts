import type { Random } from './random.ts';

/** What befalls commands for a while: those about a pool, or those that list all devices. */
export interface Fault {
  readonly kind: 'hang' | 'fail' | 'cut' | 'slow';
  /** The pool, or undefined: the lists. */
  readonly pool: string | undefined;
  readonly untilSecond: number;
}

const kinds = ['hang', 'fail', 'cut', 'slow'] as const;

/** Faults that begin and end by chance: about one in five minutes, from seconds to many minutes. */
export class Faults {
  #faults: readonly Fault[] = [];
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  tick(second: number, pools: readonly string[]): void {
    const { onceIn, oneOf, between } = this.#random;
    this.#faults = this.#faults.filter(({ untilSecond }) => untilSecond > second);
    if (!onceIn(300)) return;
    const fault: Fault = {
      kind: oneOf(kinds) ?? 'hang',
      pool: onceIn(4) ? undefined : oneOf(pools),
      untilSecond: second + (onceIn(5) ? between(60, 900) : between(2, 60)),
    };
    this.#faults = [...this.#faults, fault];
  }

  /** What befalls a command about these pools, or one that lists all where none is named. */
  of(pools: readonly string[]): Fault | undefined {
    return this.#faults.find(({ pool }) => (pool === undefined ? pools.length === 0 : pools.includes(pool)));
  }

  get isCalm(): boolean {
    return this.#faults.length === 0;
  }

  end(): void {
    this.#faults = [];
  }
}
