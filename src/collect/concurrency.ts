/**
 * Bounds how many readings run at once. A reading gives its place back at its deadline, whatever becomes of its child.
 * Starting a process holds up the event loop (fork and exec), so readings start one a turn of it: scrapes are answered
 * in between, however many pools are due at once.
 */
export class Slots {
  #free: number;
  readonly #nextTurn: (() => Promise<void>) | undefined;
  #turn: Promise<void> = Promise.resolve();
  readonly #waiting: (() => void)[] = [];

  /** `nextTurn` settles in another turn of the event loop; without it readings do not wait for one. */
  constructor(count: number, nextTurn?: () => Promise<void>) {
    this.#free = count;
    this.#nextTurn = nextTurn;
  }

  /** Settles with the function that gives the place back. First come, first served. */
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
