import type { Host } from './host.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/**
 * Which samples of a metric the essential set has: none, those of volumes that are detailed, those that are not 0, states other
 * than ok, those of collectors that have something to read on this host, or durations that are suspicious.
 */
export type Essential = 'none' | 'detailed-volumes' | 'not-zero' | 'not-ok' | 'present' | 'slow';

/** A row of the catalogue: the documentation and the samples of one metric family. */
export interface Metric<Subject> {
  readonly name: `thinpool_${string}`;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly labels: readonly string[];
  /** All samples unless given. */
  readonly essential?: Essential;
  /** No sample for what is unknown. */
  readonly samples: (subject: Subject) => readonly Sample[];
}

export type HostMetric = Metric<Host>;
