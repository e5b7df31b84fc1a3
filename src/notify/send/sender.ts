import { hourMs, minuteMs, secondMs } from '../../model/units.ts';
import type { Notification } from '../notification.ts';
import type { Deliver, Delivery } from './delivery.ts';
import type { Tally } from './tally.ts';

export interface SenderOptions {
  readonly name: string;
  /** What to send now. Those with these ids only if there is nothing else. */
  readonly next: (last: Iterable<string>) => Notification | undefined;
  readonly deliver: Deliver;
  /** It was accepted, or is given up. */
  readonly settled: (notification: Notification, isAccepted: boolean) => void;
  /** Outlives the sender, when the configuration is read again. */
  readonly tally: Tally;
  /** When it may begin; at once, unless it is given. */
  readonly after?: Promise<void>;
  readonly log: {
    readonly warn: (fields: object, message: string) => void;
    readonly info: (fields: object, message: string) => void;
    readonly error: (fields: object, message: string) => void;
  };
}

const firstRetryMs = secondMs;
const lastRetryMs = 5 * minuteMs;
const longestRestMs = hourMs;
/** A critical notification that was never tried need not wait for the next retry of another one. */
const urgentMs = 10 * secondMs;

const mostRefusals = 5;

/** How often a notification was refused for its content, and whether another one has been accepted since. */
interface Refusals {
  readonly count: number;
  readonly othersAccepted: boolean;
}

/**
 * Sends to one receiver, one notification at a time. What is not accepted is tried again, at first soon, then every five minutes.
 * It has no timer: call `wake` about once a second.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #refusals = new Map<string, Refusals>();
  readonly #tried = new Set<string>();
  /** The delivery that is under way. */
  #sending: Promise<void> | undefined;
  #isClosed = false;
  #triedAt = Number.NEGATIVE_INFINITY;
  #notBefore = Number.NEGATIVE_INFINITY;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(options: SenderOptions) {
    this.#options = options;
    if (options.after !== undefined) this.#occupy(options.after);
  }

  wake(): void {
    if (this.#sending !== undefined || this.#isClosed) return;
    const next = this.#options.next(this.#refusals.keys());
    if (next !== undefined && this.#mayTry(next)) this.#occupy(this.#send(next));
  }

  /** Forgets the wait for the next retry: what failed may have been corrected. */
  retry(): void {
    this.#notBefore = Number.NEGATIVE_INFINITY;
    this.wake();
  }

  /** Begins no other delivery. Settles when the one that is under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#sending;
  }

  #occupy(work: Promise<void>): void {
    this.#sending = work.then(() => {
      this.#sending = undefined;
      this.wake();
    });
  }

  #mayTry({ id, content }: Notification): boolean {
    const now = performance.now();
    if (now < this.#restUntil) return false;
    const isUrgent =
      content.severity === 'critical' && !this.#tried.has(id) && now - this.#triedAt >= urgentMs;
    return now >= this.#notBefore || isUrgent;
  }

  async #send(notification: Notification): Promise<void> {
    const { settled, tally } = this.#options;
    this.#tried.add(notification.id);
    const result = await this.#deliver(notification);
    if (this.#isClosed && result.outcome !== 'ok') return;
    this.#note(result);
    const isAccepted = result.outcome === 'ok';
    if (isAccepted)
      for (const [id, { count }] of this.#refusals) this.#refusals.set(id, { count, othersAccepted: true });
    const isDropped = !isAccepted && this.#isRefused(notification, result);
    // The receiver works: it accepts others.
    if (isDropped) tally.endFailure();
    if (isAccepted || isDropped) {
      this.#tried.delete(notification.id);
      this.#refusals.delete(notification.id);
      settled(notification, isAccepted);
    }
  }

  /** One that is damaged on the disk must stop neither the others nor the exporter. */
  async #deliver(notification: Notification): Promise<Delivery> {
    try {
      return await this.#options.deliver(notification);
    } catch {
      return { outcome: 'refused', isContentRefused: true, why: 'no request can be made of it' };
    }
  }

  #note(result: Delivery): void {
    const { name, log, tally } = this.#options;
    const before = tally.failures;
    tally.count(result);
    this.#triedAt = performance.now();
    const { failures } = tally;
    if (failures === 0) {
      this.#notBefore = Number.NEGATIVE_INFINITY;
      if (before > 0) log.info({ receiver: name, failures: before }, 'Receiver accepts notifications again');
      return;
    }
    const { outcome, why, retryAfterMs = 0 } = result;
    if (before === 0)
      log.warn({ receiver: name, outcome, why }, 'Sending a notification failed; it is tried again');
    this.#notBefore = this.#triedAt + Math.min(lastRetryMs, firstRetryMs * 2 ** Math.min(failures - 1, 20));
    this.#restUntil = this.#triedAt + Math.min(retryAfterMs, longestRestMs);
  }

  /**
   * Only a receiver that has accepted others refuses this one for its content: a wrong chat is HTTP 400 as well, and is corrected
   * some day. Until then the others go first.
   */
  #isRefused({ id, content }: Notification, { isContentRefused, why }: Delivery): boolean {
    if (isContentRefused !== true) return false;
    const { count, othersAccepted } = this.#refusals.get(id) ?? { count: 0, othersAccepted: false };
    this.#refusals.set(id, { count: count + 1, othersAccepted });
    if (!othersAccepted || count + 1 < mostRefusals) return false;
    const { alert, pool } = content;
    this.#options.log.error(
      { receiver: this.#options.name, alert, pool, why },
      'Receiver refuses a notification and accepts others; it is dropped',
    );
    return true;
  }
}
