/** The state of a query. Times are Unix ms. */
export interface QueryState {
  readonly key: string;
  readonly about?: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly lastSuccessAt?: number;
  readonly lastDurationMs?: number;
  /** Of the time since its latest success, the part without polls: the process stood still, or the clock was set. */
  readonly sleptMs?: number;
  /** Since when a run past its deadline has had a living child. */
  readonly stuckSince?: number;
  readonly blocked?: string;
  /** It is due and does not run, because too many commands hang. */
  readonly isSkipped?: true;
  /** It does not run, and need not: others read what matters of it. */
  readonly rests?: true;
  /** Which variant was chosen and why. */
  readonly note?: string;
  /** The outcome of the latest finished run. */
  readonly outcome?: Outcome;
  readonly failure?: string;
  /** The name of the variant in use, if there are several. */
  readonly variant?: string;
}

export const failureReasons = [
  'not-installed',
  'permission-denied',
  'timed-out',
  'exited',
  'output-too-large',
  'unparseable',
  'unavailable',
] as const;
export type FailureReason = (typeof failureReasons)[number];
export type Outcome = 'ok' | FailureReason;

/** The state of a collector. Times are Unix ms. */
export interface CollectorState {
  readonly name: string;
  readonly mode: 'auto' | 'on' | 'off';
  /** It discovers devices. */
  readonly discovers: boolean;
  /** `absent`: nothing to read on this host, which is no failure in mode `auto`. */
  readonly status: 'ok' | 'absent' | 'failed' | 'blocked' | 'pending' | 'off';
  readonly intervalMs: number;
  readonly maxAgeMs: number;
  readonly queries: readonly QueryState[];
  /** The oldest of its queries' latest successes: no fact of it is older. */
  readonly lastSuccessAt?: number;
  /** The longest of its queries' latest runs. */
  readonly lastDurationMs?: number;
  /** Since when the longest overdue child has been alive. */
  readonly stuckSince?: number;
  readonly blocked?: string;
  /** Finished queries, and failed ones by reason, since the exporter started. */
  readonly finishedQueries: number;
  readonly failures: Readonly<Record<FailureReason, number>>;
}
