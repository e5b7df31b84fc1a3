import type { PollerLog } from './poller.ts';
import type { PendingQuery } from './run-query.ts';

/**
 * Maximum number of commands that live at once, of all collectors and pools together, including those past their deadline
 * that do not exit. Each of these is a process that nothing can end while storage hangs: without a limit, there would be
 * some for each pool.
 */
const most = 16;

/**
 * From so many on, only queries that worked when they last ran may start a command. What hangs is found one by one, and
 * that must not stop the queries that still work.
 */
const mostUnproven = 12;

/** Counts the commands that live, and decides whether another one may start. */
export class LivingCommands {
  readonly #log: PollerLog;
  #living = 0;
  #overdue = 0;
  #isLimited = false;

  constructor(log: PollerLog) {
    this.#log = log;
  }

  /** Counts a command from now until it has exited. */
  add({ result, exited }: PendingQuery): void {
    this.#living += 1;
    const isOverdue = result.then(({ outcome }) => {
      if (outcome !== 'timed-out') return false;
      this.#overdue += 1;
      this.#noteChange();
      return true;
    });
    void Promise.all([isOverdue, exited]).then(([wasOverdue]) => {
      this.#living -= 1;
      if (!wasOverdue) return;
      this.#overdue -= 1;
      this.#noteChange();
    });
  }

  /** Whether there is room for another command now. */
  hasRoom(hasWorked: boolean): boolean {
    return this.#living < limitOf(hasWorked);
  }

  /** Why no command may start before another one has exited; undefined if overdue commands leave room. */
  whyNoRoom(hasWorked: boolean): string | undefined {
    return this.#overdue < limitOf(hasWorked)
      ? undefined
      : `${this.#overdue} commands are past their deadline and do not exit, and another one could hang too`;
  }

  #noteChange(): void {
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
