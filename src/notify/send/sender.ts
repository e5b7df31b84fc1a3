import { hourMs, minuteMs, secondMs } from '../../model/units.ts';
import type { Notification } from '../notification.ts';
import type { Deliver, Delivery } from './delivery.ts';
import type { Tally } from './tally.ts';

export interface SenderOptions {
  readonly name: string;
  /** What to send now. */
  readonly next: () => Notification | undefined;
  readonly deliver: Deliver;
  /** It was accepted, or is given up. */
  readonly settled: (notification: Notification, isAccepted: boolean) => void;
  /** Outlives the sender, when the configuration is read again. */
  readonly tally: Tally;
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

/**
 * Sends to one receiver, one notification at a time. What is not accepted is tried again, at first soon, then every five minutes.
 * It has no timer: call `wake` about once a second.
 */
export class Sender {
  readonly #options: SenderOptions;
  readonly #refusals = new Map<string, number>();
  readonly #tried = new Set<string>();
  #isSending = false;
  #isClosed = false;
  #triedAt = Number.NEGATIVE_INFINITY;
  #notBefore = Number.NEGATIVE_INFINITY;
  #restUntil = Number.NEGATIVE_INFINITY;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  wake(): void {
    if (this.#isSending || this.#isClosed) return;
    const next = this.#options.next();
    if (next !== undefined && this.#mayTry(next)) void this.#send(next);
  }

  close(): void {
    this.#isClosed = true;
  }

  #mayTry({ id, content }: Notification): boolean {
    const now = performance.now();
    if (now < this.#restUntil) return false;
    const isUrgent =
      content.severity === 'critical' && !this.#tried.has(id) && now - this.#triedAt >= urgentMs;
    return now >= this.#notBefore || isUrgent;
  }

  async #send(notification: Notification): Promise<void> {
    const { settled } = this.#options;
    this.#isSending = true;
    this.#tried.add(notification.id);
    const result = await this.#deliver(notification);
    this.#isSending = false;
    if (this.#isClosed && result.outcome !== 'ok') return;
    this.#note(result);
    const isAccepted = result.outcome === 'ok';
    if (isAccepted || this.#isRefused(notification, result)) {
      this.#tried.delete(notification.id);
      this.#refusals.delete(notification.id);
      settled(notification, isAccepted);
    }
    this.wake();
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

  /** One that is refused for its content must not keep the others waiting for a day. */
  #isRefused({ id, content }: Notification, { isContentRefused, why }: Delivery): boolean {
    if (isContentRefused !== true) return false;
    const refusals = (this.#refusals.get(id) ?? 0) + 1;
    this.#refusals.set(id, refusals);
    if (refusals < mostRefusals) return false;
    const { alert, pool } = content;
    this.#options.log.error(
      { receiver: this.#options.name, alert, pool, why },
      'Receiver refuses a notification; it is dropped',
    );
    return true;
  }
}
