/** How a question fares. */
export interface QuestionState {
  readonly key: string;
  readonly about?: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly lastSuccessAt?: number;
  readonly lastDurationMs?: number;
  /** Of the time since its latest success, what nobody was awake for: the process stood still, or the clock was set. */
  readonly sleptMs?: number;
  /** Since when a reading has been past its deadline with its child alive. */
  readonly stuckSince?: number;
  readonly heldBack?: string;
  /** What was decided about how to ask. */
  readonly note?: string;
  /** How the latest finished reading ended. */
  readonly outcome?: Outcome;
  readonly failure?: string;
  /** The name of the way that the host understood, where there is more than one. */
  readonly way?: string;
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

/** How a source fares as a whole. */
export interface SourceState {
  readonly name: string;
  readonly mode: 'auto' | 'on' | 'off';
  /** Its facts name what there is. */
  readonly namesThings: boolean;
  /** `absent`: what it reads is not on this host, which is no failure under auto. */
  readonly status: 'ok' | 'absent' | 'failed' | 'held' | 'pending' | 'off';
  readonly intervalMs: number;
  readonly maxAgeMs: number;
  readonly questions: readonly QuestionState[];
  /** The oldest of its questions' latest successes: no fact of it is older. */
  readonly lastSuccessAt?: number;
  /** The longest of their latest readings. */
  readonly lastDurationMs?: number;
  /** Since when the longest overdue child has been alive. */
  readonly stuckSince?: number;
  readonly heldBack?: string;
  /** Finished readings and failed ones by reason, since the exporter started. */
  readonly readings: number;
  readonly failures: Readonly<Record<FailureReason, number>>;
}
