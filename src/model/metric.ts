import type { Host } from './host.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  readonly labels: Labels;
  readonly value: number;
}

/** A row of the catalogue: the documentation and the samples of one metric family. */
export interface Metric<Subject> {
  readonly name: `thinpool_${string}`;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly labels: readonly string[];
  /** No sample for what is unknown. */
  readonly samples: (subject: Subject) => readonly Sample[];
}

export type HostMetric = Metric<Host>;
