import type { PollerLog } from './poller.ts';
import type { PendingQuery } from './run-query.ts';

/**
 * Maximum number of commands that live at once, of all collectors and pools together, including those past their deadline
 * that do not exit. Each of these is a process that nothing can end while storage hangs: without a limit, there would be
 * some for each pool.
 */
const most = 16;

/**
 * From this number on, only queries that worked when they last ran may start a command. What hangs is found one by one, and
 * that must not stop the queries that still work.
 */
const mostUnproven = 12;

/** Counts the commands that live, and decides whether another one may start. */
export class LivingCommands {
  readonly #log: PollerLog;
  #living = 0;
  #overdue = 0;
  #isLimited = false;
  readonly #waiting: (() => void)[] = [];

  constructor(log: PollerLog) {
    this.#log = log;
  }

  /** Makes room for a command, after those that are running if they leave none. False if overdue ones do not leave any. */
  async enter(hasWorked: boolean): Promise<boolean> {
    const limit = limitOf(hasWorked);
    while (this.#living >= limit) {
      if (this.#overdue >= limit) return false;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#living += 1;
    return true;
  }

  /** The command was not started. */
  leave(): void {
    this.#living -= 1;
    this.#noteChange();
  }

  /** Watches a command that has entered until it has exited. */
  watch({ result, exited }: PendingQuery): void {
    const isOverdue = result.then(({ outcome }) => {
      if (outcome !== 'timed-out') return false;
      this.#overdue += 1;
      this.#noteChange();
      return true;
    });
    void Promise.all([isOverdue, exited]).then(([wasOverdue]) => {
      if (wasOverdue) this.#overdue -= 1;
      this.leave();
    });
  }

  /** Why no command may start before another one has exited; undefined if overdue commands leave room. */
  whyNoRoom(hasWorked: boolean): string | undefined {
    return this.#overdue < limitOf(hasWorked)
      ? undefined
      : `${this.#overdue} commands are past their deadline and do not exit, and another one could hang too`;
  }

  #noteChange(): void {
    for (const retry of this.#waiting.splice(0)) retry();
    const isLimited = this.#overdue >= mostUnproven;
    if (isLimited === this.#isLimited) return;
    this.#isLimited = isLimited;
    const fields = { overdue: this.#overdue };
    if (isLimited)
      this.#log.warn(fields, 'Too many commands hang; queries that may hang too are skipped until one ends');
    else this.#log.info(fields, 'Fewer commands hang; skipped queries run again');
  }
}

function limitOf(hasWorked: boolean): number {
  return hasWorked ? most : mostUnproven;
}
