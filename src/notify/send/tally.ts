import type { PostResult } from '../../alerting/push/post.ts';
import { type PostOutcome, postOutcomes } from '../../model/notifier-state.ts';
import type { DeliveryState } from '../../model/notify-state.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';

/** Counts how requests to one address end. */
export class Tally {
  readonly #now: () => number;
  readonly #posts = Object.fromEntries(postOutcomes.map((outcome) => [outcome, 0])) as Record<
    PostOutcome,
    number
  >;
  #lastSuccessAt: number | undefined;
  #failingSince: number | undefined;
  #why: string | undefined;
  /** Failures since the latest success. */
  failures = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  count({ outcome, why = outcome }: PostResult): void {
    this.#posts[outcome] += 1;
    const isSuccess = outcome === 'ok';
    this.failures = isSuccess ? 0 : this.failures + 1;
    if (isSuccess) this.#lastSuccessAt = this.#now();
    this.#failingSince = isSuccess ? undefined : (this.#failingSince ?? this.#now());
    this.#why = isSuccess ? undefined : why;
  }

  /** What failed is over without a success: it was dropped, or another address has taken the place of this one. */
  endFailure(): void {
    this.failures = 0;
    this.#failingSince = undefined;
    this.#why = undefined;
  }

  state(): DeliveryState {
    const [lastSuccessAt, failingSince, why] = [this.#lastSuccessAt, this.#failingSince, this.#why];
    return { posts: { ...this.#posts }, ...omitUndefined({ lastSuccessAt, failingSince, why }) };
  }
}
