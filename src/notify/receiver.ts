import type { Severity } from '../model/finding.ts';
import type { QuietHours } from './quiet-hours.ts';

/** Where notifications go, without what it takes to get there. */
export interface Receiver {
  readonly name: string;
  /** How often an alert that stays active is sent again. */
  readonly repeatMs: number;
  /** Whether the end of an alert is sent. */
  readonly sendsResolved: boolean;
  readonly quietHours: readonly QuietHours[];
  /** More notifications than this at one moment become one that lists them. Absent: there is no limit. */
  readonly mostAtOnce?: number;
}

/** What a person can read at once. A program gets each alert by default. */
export const usualAtOnce = 5;

/** Which alerts go to which receivers. */
export interface Route {
  /** Names. */
  readonly receivers: readonly string[];
  readonly severities: readonly Severity[];
  /** Patterns of pool names; absent: every pool, and the host. */
  readonly pools?: readonly RegExp[];
  /** Codes of findings; absent: all. */
  readonly codes?: readonly string[];
}
