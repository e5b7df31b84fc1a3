import type { AlertName } from '../../../../src/model/alert-name.ts';

export type Labels = Readonly<Record<string, string>>;

/** A value, for a number of samples; null while absent. */
export type Stretch = readonly [value: number | null, samples: number];

export interface Series {
  readonly metric: string;
  readonly labels: Labels;
  readonly values: readonly Stretch[];
}

/** What is to be at a time. */
export interface Check {
  /** Seconds. */
  readonly at: number;
  /** Alerts that fire by then, with all of their labels. */
  readonly fires?: readonly Labels[];
  /** Their text. */
  readonly expects?: { readonly labels: Labels; readonly annotations: Labels };
  /** A query, and what it finds. */
  readonly query?: string;
  readonly finds?: readonly { readonly labels: string; readonly value: number }[];
}

/** A story about one alert, or one record. */
export interface Case {
  readonly what: string;
  /** The rule that it is about: only those that it needs are loaded. */
  readonly about: AlertName | `thinpool:${string}` | `thinpool_fleet:${string}`;
  /** Labels of the rule that it is about, where there are several of its name. */
  readonly of?: Labels;
  /** Seconds between samples and between evaluations. */
  readonly interval: number;
  /**
   * It needs a Prometheus of its own: what it is about has no instance. Others share one, each under an instance of its
   * own.
   */
  readonly alone?: boolean;
  readonly series: readonly Series[];
  readonly checks: readonly Check[];
}

export const host = { instance: 'host:10058', job: 'thinpool' } as const;
export const poolOf = { ...host, pool: 'vg-pool' } as const;

/** Always the same, for a number of samples. */
export function steady(metric: string, labels: Labels, value: number, samples: number): Series {
  return { metric, labels, values: [[value, samples]] };
}
