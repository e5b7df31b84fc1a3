import pLimit, { type LimitFunction } from 'p-limit';

/**
 * Bounds how many readings run at once, first come, first served. A reading gives its place back at its deadline, whatever
 * becomes of its child. Starting a process holds up the event loop (fork and exec), so readings start one a turn of it:
 * scrapes are answered in between, however many pools are due at once.
 */
export class Slots {
  readonly #limit: LimitFunction;
  readonly #inTurn = pLimit(1);
  readonly #nextTurn: (() => Promise<void>) | undefined;

  /** `nextTurn` settles in another turn of the event loop; without it readings do not wait for one. */
  constructor(count: number, nextTurn?: () => Promise<void>) {
    this.#limit = pLimit(count);
    this.#nextTurn = nextTurn;
  }

  run<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#limit(async () => {
      if (this.#nextTurn !== undefined) await this.#inTurn(this.#nextTurn);
      return work();
    });
  }
}
