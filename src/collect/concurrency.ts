import pLimit, { type LimitFunction } from 'p-limit';

/**
 * Limits how many queries run concurrently, first come, first served. A query releases its slot at its deadline, even if its
 * child is still alive. Starting a process blocks the event loop (fork and exec), so only one query starts per turn of the
 * loop: scrapes are served in between, however many pools are due at once.
 */
export class Slots {
  readonly #limit: LimitFunction;
  readonly #inTurn = pLimit(1);
  readonly #nextTurn: (() => Promise<void>) | undefined;

  /** `nextTurn` settles in another turn of the event loop; without it, queries do not wait for one. */
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
