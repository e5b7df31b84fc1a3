import { readPoolEvents, type ToldEvent } from '../collectors/kernel/pool-events.ts';
import { messageOf } from '../format/error-message.ts';
import type { KernelLog } from '../io/kernel-log.ts';
import { type EventsState, type PoolEvent, poolEvents } from '../model/host.ts';
import { known } from '../model/omit-undefined.ts';
import type { CollectorLog } from './poller.ts';

export interface EventWatchOptions {
  /** With a position of its own, so that other readers of the log lose nothing. */
  readonly kernelLog: Pick<KernelLog, 'read' | 'isAtEnd' | 'close'>;
  readonly log: CollectorLog;
}

/** Number of calls to skip after a failure: one minute. */
const looksAfterFailure = 300;

/** Reads pool events from the kernel log. A call takes microseconds and never blocks. */
export class EventWatch {
  readonly #options: EventWatchOptions;
  readonly #seen: Record<PoolEvent, number>;
  #failure: string | undefined;
  #looksToSkip = 0;
  /** False until the records from before the log was opened have been skipped. */
  #isCurrent = false;

  constructor(options: EventWatchOptions) {
    this.#options = options;
    this.#seen = Object.fromEntries(poolEvents.map((event) => [event, 0])) as Record<PoolEvent, number>;
  }

  /** The events since the previous call. Never throws; a failure is logged once. */
  look(): readonly ToldEvent[] {
    if (this.#looksToSkip > 0) {
      this.#looksToSkip -= 1;
      return [];
    }
    try {
      const told = this.#read();
      this.#noteSuccess();
      for (const { event } of told) this.#seen[event] += 1;
      return told;
    } catch (error) {
      this.#noteFailure(messageOf(error));
      return [];
    }
  }

  state(): EventsState {
    return known({ failure: this.#failure, seen: { ...this.#seen } });
  }

  #read(): readonly ToldEvent[] {
    const { kernelLog } = this.#options;
    const text = kernelLog.read();
    if (this.#isCurrent) return readPoolEvents(text);
    this.#isCurrent = kernelLog.isAtEnd;
    return [];
  }

  #noteSuccess(): void {
    if (this.#failure !== undefined)
      this.#options.log.info({}, 'Kernel events available again; polling pools on events');
    this.#failure = undefined;
  }

  #noteFailure(detail: string): void {
    const { kernelLog, log } = this.#options;
    if (this.#failure === undefined)
      log.warn({ detail }, 'Kernel events unavailable; polling at the configured interval');
    this.#failure = detail;
    this.#looksToSkip = looksAfterFailure;
    this.#isCurrent = false;
    kernelLog.close();
  }
}
