import type { Severity } from '../../src/model/finding.ts';
import type { Resource } from '../../src/model/host.ts';
import type { AlertName } from './names.ts';

/** A recording rule. */
export interface Recording {
  readonly record: `thinpool:${string}` | `thinpool_fleet:${string}`;
  readonly help: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Alert {
  readonly alert: AlertName;
  readonly expr: string;
  /** Seconds that it has to hold. */
  readonly for?: number;
  /** Seconds that it fires on after it ended. */
  readonly keepFiringFor?: number;
  /** None for what always fires. */
  readonly severity?: Severity;
  readonly resource?: Resource;
  /** What is near: the floor that Docker keeps, or the end of space. */
  readonly target?: Target;
  readonly summary: string;
  readonly description: string;
}

export const targets = ['full', 'floor'] as const;
export type Target = (typeof targets)[number];

/** Rules that are evaluated together, one after the other. */
export interface Group {
  readonly name: string;
  /** Seconds. */
  readonly interval: number;
  readonly records: readonly Recording[];
  readonly alerts: readonly Alert[];
}
