import type { AlertName } from '../../model/alert-name.ts';
import type { Kind } from '../labels.ts';

/** A recording rule. */
export interface Recording {
  readonly record: `thinpool:${string}` | `thinpool_fleet:${string}`;
  readonly help: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface Alert extends Kind {
  readonly alert: AlertName;
  readonly expr: string;
  /** Seconds. */
  readonly for?: number;
  /** Seconds. */
  readonly keepFiringFor?: number;
  readonly summary: string;
  readonly description: string;
}

/** Rules that Prometheus evaluates in order, one after the other. */
export interface Group {
  readonly name: string;
  /** Seconds. */
  readonly interval: number;
  readonly records: readonly Recording[];
  readonly alerts: readonly Alert[];
}
