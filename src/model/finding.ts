import type { Resource } from './pool.ts';

export const severities = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** The limit that is near: a full pool, or the space below which new volumes are refused. */
export const targets = ['full', 'minimum_free'] as const;
export type Target = (typeof targets)[number];

/** A problem of the host, present or expected, and what to do about it. */
export interface Finding {
  /** Stable across releases: alerts, runbooks and silences refer to it. */
  readonly code: string;
  readonly severity: Severity;
  /** The severity that its rule gives, and why the operator has set another one. Absent where that is the same. */
  readonly severityWas?: Severity;
  readonly severityBecause?: string;
  /** The pool it is about, as `Pool.name`. */
  readonly pool?: string;
  readonly resource?: Resource;
  /** The limit that is near, where the finding is about space that runs out. */
  readonly target?: Target;
  readonly collector?: string;
  readonly vg?: string;
  /** What is wrong, with numbers, as a sentence. */
  readonly summary: string;
  /** What to do about it, as a sentence. */
  readonly advice: string;
  /** Address of the runbook. */
  readonly runbook?: string;
  /** Based on facts past their age limit: it was true when last known, and is not known to have ended. */
  readonly lastKnown?: boolean;
  /** Seconds until the limit is reached, at the growth rate that the finding is based on. */
  readonly secondsLeft?: number;
  /** Unix ms since when it has been active, if known. */
  readonly since?: number;
}

/** A finding that raises no alert, because the operator has muted it. */
export interface MutedFinding extends Finding {
  /** The last day, such as `2027-01-31`. */
  readonly mutedUntil: string;
  /** The end of that day in UTC, Unix ms. */
  readonly muteEndsAt: number;
  readonly mutedBecause: string;
}

/** A finding that is not reported yet, because it has to hold for a while first. */
export interface PendingFinding extends Finding {
  readonly since: number;
  /** Unix ms at which it is reported if it holds until then. */
  readonly reportedAt: number;
}
