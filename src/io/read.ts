import type { Access, Reading } from '../collectors/collector.ts';
import type { FailureReason } from '../model/source-state.ts';

/** Identifies a query: the location of its files in a captured host. */
export interface Place {
  readonly source: string;
  readonly key: string;
  readonly way?: string;
}

export interface Bounds {
  readonly timeoutMs: number;
  /** How long a command past its deadline is not killed, in ms. */
  readonly leftAloneMs?: number;
}

/** `not-captured`: a captured host has no output of this query; occurs nowhere else. */
export type ReadFailure = {
  readonly ok: false;
  readonly reason: FailureReason | 'not-captured';
  readonly detail: string;
};
export type ReadResult = { readonly ok: true; readonly reading: Reading } | ReadFailure;

/** A running query. */
export interface Attempt {
  /** Settles by the deadline, even if the child is stuck in the kernel. Never rejects. */
  readonly result: Promise<ReadResult>;
  /** Settles when no child of it is alive; for a child in uninterruptible sleep that may be never. */
  readonly gone: Promise<void>;
}

export type Read = (access: Access, place: Place, bounds: Bounds) => Attempt;

export function failure(reason: ReadFailure['reason'], detail: string): ReadFailure {
  return { ok: false, reason, detail };
}
