import type { Post } from '../../alerting/push/post.ts';
import type { DeliveryState } from '../../model/notify-state.ts';
import { secondMs } from '../../model/units.ts';
import { Tally } from './tally.ts';

export interface HeartbeatOptions {
  readonly ping: Post;
  /** Reports why there is no heartbeat. Absent: silence does. */
  readonly fail?: Post;
  readonly intervalMs: number;
  /** Why no heartbeat may be sent; none: all is well. */
  readonly reasons: () => readonly string[];
  readonly now: () => number;
  readonly log: {
    readonly warn: (fields: object, message: string) => void;
    readonly info: (fields: object, message: string) => void;
  };
}

const beatMs = secondMs;
const retryMs = 10 * secondMs;
const longestBody = 2000;

/** Pings a service that raises an alarm when pings stop: a dead man's switch. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #tally: Tally;
  readonly #timer: NodeJS.Timeout;
  #isSending = false;
  #nextPingAt = Number.NEGATIVE_INFINITY;
  #nextReportAt = Number.NEGATIVE_INFINITY;
  #isWithheld = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
    this.#tally = new Tally(options.now);
    this.#timer = setInterval(() => void this.#beat(), beatMs);
  }

  state(): DeliveryState {
    return this.#tally.state();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #beat(): Promise<void> {
    if (this.#isSending) return;
    const { ping, fail } = this.#options;
    const reasons = this.#reasons();
    this.#noteWithheld(reasons);
    const now = performance.now();
    if (reasons.length === 0 && now >= this.#nextPingAt) {
      const isAccepted = await this.#send(ping, '');
      this.#nextPingAt = performance.now() + this.#waitMs(isAccepted);
      // The next trouble is reported at once.
      this.#nextReportAt = Number.NEGATIVE_INFINITY;
    } else if (reasons.length > 0 && fail !== undefined && now >= this.#nextReportAt) {
      const isAccepted = await this.#send(fail, JSON.stringify({ reasons }).slice(0, longestBody));
      this.#nextReportAt = performance.now() + this.#waitMs(isAccepted);
      this.#nextPingAt = Number.NEGATIVE_INFINITY;
    }
  }

  /** What cannot be judged is no reason to call all well. */
  #reasons(): readonly string[] {
    try {
      return this.#options.reasons();
    } catch {
      return ['the exporter cannot judge its own state'];
    }
  }

  #waitMs(isAccepted: boolean): number {
    const { intervalMs } = this.#options;
    return isAccepted ? intervalMs : Math.min(retryMs, intervalMs);
  }

  async #send(post: Post, body: string): Promise<boolean> {
    this.#isSending = true;
    const result = await post(body);
    this.#isSending = false;
    const before = this.#tally.failures;
    this.#tally.count(result);
    const { outcome, why } = result;
    if (outcome !== 'ok' && before === 0)
      this.#options.log.warn({ outcome, why }, 'Sending the heartbeat failed');
    if (outcome === 'ok' && before > 0) this.#options.log.info({}, 'The heartbeat is accepted again');
    return outcome === 'ok';
  }

  #noteWithheld(reasons: readonly string[]): void {
    const isWithheld = reasons.length > 0;
    if (isWithheld === this.#isWithheld) return;
    this.#isWithheld = isWithheld;
    if (isWithheld) this.#options.log.warn({ why: reasons.join('; ') }, 'No heartbeat is sent');
    else this.#options.log.info({}, 'Heartbeats are sent');
  }
}
