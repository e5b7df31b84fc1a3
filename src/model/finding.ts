import type { Resource } from './pool.ts';

export const severities = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** One thing that is wrong with the host, or will be, and what to do about it. */
export interface Finding {
  /** Stable over releases: alerts, runbooks and silences name it. */
  readonly code: string;
  readonly severity: Severity;
  /** The pool it is about, as `Pool.name`. */
  readonly pool?: string;
  readonly resource?: Resource;
  readonly source?: string;
  readonly vg?: string;
  /** What is the case, with numbers, as a sentence. */
  readonly summary: string;
  /** What to do about it, as a sentence. */
  readonly advice: string;
  /** It rests on a reading past its age: true when it was last known, and not known to have ended. */
  readonly lastKnown?: boolean;
  /** Unix time in ms since when it holds, where that is known. */
  readonly since?: number;
}
