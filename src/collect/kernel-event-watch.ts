import { readPoolEvents, type ToldEvent } from '../collectors/kernel/pool-events.ts';
import { messageOf } from '../format/error-message.ts';
import type { KernelLog } from '../io/kernel-log.ts';
import { type EventsState, type PoolEvent, poolEvents } from '../model/host.ts';
import { known } from '../model/omit-undefined.ts';
import type { CollectorLog } from './poller.ts';

export interface EventWatchOptions {
  /** A place in the log of its own: what others read of it is not lost to them. */
  readonly kernelLog: Pick<KernelLog, 'read' | 'isAtEnd' | 'close'>;
  readonly log: CollectorLog;
}

/** A minute of looks. */
const looksAfterFailure = 300;

/** Looks into the kernel's log for events of pools. A look takes microseconds and waits for nothing. */
export class EventWatch {
  readonly #options: EventWatchOptions;
  readonly #seen: Record<PoolEvent, number>;
  #failure: string | undefined;
  #looksToSkip = 0;
  /** What was in the log when it was opened is old. */
  #isCurrent = false;

  constructor(options: EventWatchOptions) {
    this.#options = options;
    this.#seen = Object.fromEntries(poolEvents.map((event) => [event, 0])) as Record<PoolEvent, number>;
  }

  /** What the kernel has told since the look before. */
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
