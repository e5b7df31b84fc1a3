import type { Severity, Target } from '../model/finding.ts';
import type { Resource } from '../model/pool.ts';

/** A finding as a notification reports it. */
export interface NotifiedFinding {
  readonly code: string;
  readonly summary: string;
  readonly advice: string;
  /** Seconds until the limit is reached. */
  readonly secondsLeft?: number;
  readonly lastKnown?: true;
}

/** What a notification is about: an alert, and the findings that raised it when the notification was made. */
export interface AlertContent {
  readonly alert: string;
  readonly severity: Severity;
  readonly pool?: string;
  readonly resource?: Resource;
  readonly target?: Target;
  readonly collector?: string;
  readonly vg?: string;
  /** In one line. */
  readonly title: string;
  readonly runbook?: string;
  /** Worst first. */
  readonly findings: readonly NotifiedFinding[];
  /** The alerts that this is about, if it is about several. */
  readonly digest?: Digest;
}

/** Several alerts in one notification. */
export interface Digest {
  /** Worst first. */
  readonly alerts: readonly DigestedAlert[];
  /** How many more there are. */
  readonly more: number;
}

export interface DigestedAlert extends Pick<AlertContent, 'alert' | 'severity' | 'pool' | 'title'> {
  /** Its fingerprint. */
  readonly key: string;
}

/** `gone`: the pool that the alert was about is no longer there. */
export const statuses = ['firing', 'resolved', 'gone'] as const;
export type Status = (typeof statuses)[number];

/** One message to one receiver. Its id stays the same however often it is sent. */
export interface Notification {
  readonly id: string;
  /** The fingerprint of its alert. */
  readonly key: string;
  readonly receiver: string;
  readonly status: Status;
  /** 1 for the first about an alert, and one more for each that repeats it. */
  readonly count: number;
  readonly content: AlertContent;
  /** Unix ms since when the alert has been active. */
  readonly since: number;
  /** Unix ms at which the notification was made. */
  readonly at: number;
}
