import type { Resource } from './pool.ts';

export const severities = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** A problem of the host, present or expected, and what to do about it. */
export interface Finding {
  /** Stable across releases: alerts, runbooks and silences refer to it. */
  readonly code: string;
  readonly severity: Severity;
  /** The pool it is about, as `Pool.name`. */
  readonly pool?: string;
  readonly resource?: Resource;
  readonly collector?: string;
  readonly vg?: string;
  /** What is wrong, with numbers, as a sentence. */
  readonly summary: string;
  /** What to do about it, as a sentence. */
  readonly advice: string;
  /** Based on facts past their age limit: it was true when last known, and is not known to have ended. */
  readonly lastKnown?: boolean;
  /** Unix ms since when it has been active, if known. */
  readonly since?: number;
}
