import { type ReportedEvent, readPoolEvents } from '../collectors/kernel/pool-events.ts';
import { messageOf } from '../format/error-message.ts';
import type { KernelLog } from '../io/kernel-log.ts';
import { type EventsState, type PoolEvent, poolEvents } from '../model/host.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { PollerLog } from './poller.ts';

export interface EventWatchOptions {
  /** With a position of its own, so that other readers of the log lose nothing. */
  readonly kernelLog: Pick<KernelLog, 'read' | 'isAtEnd' | 'close'>;
  readonly log: PollerLog;
}

/** Number of calls to skip after a failure: one minute. */
const pollsAfterFailure = 300;

/** Reads pool events from the kernel log. A call takes microseconds and never blocks. */
export class EventWatch {
  readonly #options: EventWatchOptions;
  readonly #seen: Record<PoolEvent, number>;
  #failure: string | undefined;
  #pollsToSkip = 0;
  /** False until the records from before the log was opened have been skipped. */
  #isCurrent = false;

  constructor(options: EventWatchOptions) {
    this.#options = options;
    this.#seen = Object.fromEntries(poolEvents.map((event) => [event, 0])) as Record<PoolEvent, number>;
  }

  /** The events since the previous call. Never throws; a failure is logged once. */
  poll(): readonly ReportedEvent[] {
    if (this.#pollsToSkip > 0) {
      this.#pollsToSkip -= 1;
      return [];
    }
    try {
      const events = this.#read();
      this.#noteSuccess();
      for (const { event } of events) this.#seen[event] += 1;
      return events;
    } catch (error) {
      this.#noteFailure(messageOf(error));
      return [];
    }
  }

  state(): EventsState {
    return omitUndefined({ failure: this.#failure, seen: { ...this.#seen } });
  }

  #read(): readonly ReportedEvent[] {
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
    this.#pollsToSkip = pollsAfterFailure;
    this.#isCurrent = false;
    kernelLog.close();
  }
}
