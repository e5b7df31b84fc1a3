import { type PeerState, type PostOutcome, postOutcomes } from '../../model/notifier-state.ts';
import { secondMs } from '../../model/units.ts';
import type { Post } from './post.ts';

export interface PeerOptions {
  readonly post: Post;
  /** The active alerts, as a request body; undefined while there are none. */
  readonly body: () => string | undefined;
  readonly resendMs: number;
  readonly now: () => number;
  readonly log: {
    readonly warn: (fields: object, message: string) => void;
    readonly info: (fields: object, message: string) => void;
  };
  /** Its address, for the log. */
  readonly name: string;
}

const firstRetryMs = secondMs / 2;
const lastRetryMs = 5 * secondMs;

/**
 * Keeps one Alertmanager up to date. There is no queue: each post sends the alerts active when it begins, one post at a
 * time. A change in the meantime is sent right after it. Failed posts are retried, at first soon, then every few seconds.
 */
export class Peer {
  readonly #options: PeerOptions;
  readonly #posts = Object.fromEntries(postOutcomes.map((outcome) => [outcome, 0])) as Record<
    PostOutcome,
    number
  >;
  #lastSuccessAt: number | undefined;
  #failures = 0;
  #isSending = false;
  #isNew = false;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(options: PeerOptions) {
    this.#options = options;
  }

  state(): PeerState {
    const posts = { ...this.#posts };
    return this.#lastSuccessAt === undefined ? { posts } : { posts, lastSuccessAt: this.#lastSuccessAt };
  }

  /** There is a new alert. While posts fail, it waits for the next retry. */
  wake(): void {
    this.#isNew = true;
    if (this.#isSending || this.#failures > 0) return;
    void this.#send();
  }

  /** Posts nothing more. Alerts already sent stay until their end: none is resolved early. */
  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
  }

  async #send(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    const body = this.#options.body();
    this.#isNew = false;
    if (body !== undefined) {
      this.#isSending = true;
      const { outcome, why } = await this.#options.post(body);
      this.#isSending = false;
      this.#count(outcome, why);
    }
    this.#plan();
  }

  #count(outcome: PostOutcome, why: string | undefined): void {
    const { log, name, now } = this.#options;
    this.#posts[outcome] += 1;
    if (outcome === 'ok') {
      if (this.#failures > 0)
        log.info({ peer: name, failures: this.#failures }, 'Alertmanager accepts alerts again');
      this.#failures = 0;
      this.#lastSuccessAt = now();
      return;
    }
    if (this.#failures === 0) log.warn({ peer: name, outcome, why }, 'Sending alerts to Alertmanager failed');
    this.#failures += 1;
  }

  #plan(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#send(), this.#waitMs());
  }

  #waitMs(): number {
    if (this.#failures > 0) return Math.min(lastRetryMs, firstRetryMs * 2 ** (this.#failures - 1));
    return this.#isNew ? 0 : this.#options.resendMs;
  }
}
