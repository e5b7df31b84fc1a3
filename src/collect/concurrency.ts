/**
 * Limits how many queries run concurrently. A query releases its slot at its deadline, even if its child is still alive.
 * Starting a process blocks the event loop (fork and exec), so only one query starts per turn of the loop: scrapes are
 * served in between, however many pools are due at once.
 */
export class Slots {
  #free: number;
  readonly #nextTurn: (() => Promise<void>) | undefined;
  #turn: Promise<void> = Promise.resolve();
  readonly #waiting: (() => void)[] = [];

  /** `nextTurn` settles in another turn of the event loop; without it, queries do not wait for one. */
  constructor(count: number, nextTurn?: () => Promise<void>) {
    this.#free = count;
    this.#nextTurn = nextTurn;
  }

  /** Resolves to the function that releases the slot. First come, first served. */
  async take(): Promise<() => void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#nextTurn !== undefined) {
      this.#turn = this.#turn.then(this.#nextTurn);
      await this.#turn;
    }
    return () => this.#release();
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
