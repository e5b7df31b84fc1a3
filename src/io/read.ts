import type { Access, Reading } from '../collectors/collector.ts';
import type { FailureReason } from '../model/source-state.ts';

/** Where a reading belongs: the place of its fixture in a captured host. */
export interface Place {
  readonly source: string;
  readonly key: string;
  readonly way?: string;
}

export interface Bounds {
  readonly timeoutMs: number;
  /** How long a command is left alone after that, before it is told to end. */
  readonly leftAloneMs?: number;
}

/** `not-captured`: a replayed host that was not asked this. Elsewhere it does not occur. */
export type ReadFailure = {
  readonly ok: false;
  readonly reason: FailureReason | 'not-captured';
  readonly detail: string;
};
export type ReadResult = { readonly ok: true; readonly reading: Reading } | ReadFailure;

/** One reading under way. */
export interface Attempt {
  /** Settles by the deadline, whatever the kernel does, and never rejects. */
  readonly result: Promise<ReadResult>;
  /** Settles when nothing of it is alive any more. A child in uninterruptible sleep may never get there. */
  readonly gone: Promise<void>;
}

export type Read = (access: Access, place: Place, bounds: Bounds) => Attempt;

export function failure(reason: ReadFailure['reason'], detail: string): ReadFailure {
  return { ok: false, reason, detail };
}
