import type { Input, Output } from '../collectors/collector.ts';
import type { FailureReason } from '../model/collector-state.ts';

/** Identifies a query: the location of its files in a captured host. */
export interface Place {
  readonly collector: string;
  readonly key: string;
  readonly variant?: string;
}

export interface Bounds {
  readonly timeoutMs: number;
  /** How long a command past its deadline is not killed, in ms. */
  readonly killGraceMs?: number;
}

/** `not-captured`: a captured host has no output of this query; occurs nowhere else. */
export type ReadFailure = {
  readonly ok: false;
  readonly reason: FailureReason | 'not-captured';
  readonly detail: string;
};
export type ReadResult = { readonly ok: true; readonly output: Output } | ReadFailure;

/** A running query. */
export interface PendingRead {
  /** Settles by the deadline, even if the child is stuck in the kernel. Never rejects. */
  readonly result: Promise<ReadResult>;
  /** Settles when no child of it is alive; for a child in uninterruptible sleep that may be never. */
  readonly exited: Promise<void>;
}

export type Read = (input: Input, place: Place, bounds: Bounds) => PendingRead;

export function failure(reason: ReadFailure['reason'], detail: string): ReadFailure {
  return { ok: false, reason, detail };
}
