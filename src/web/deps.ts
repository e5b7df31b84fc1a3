import type { Access, Reading } from '../collectors/collector.ts';
import type { MetricsFormat } from '../metrics/family.ts';
import type { Fragment } from '../model/facts.ts';
import type { Snapshot } from '../model/host.ts';
import type { SourceState } from '../model/source-state.ts';
import type { Gate } from './access/guard.ts';

/** One collector from end to end: output, facts and metrics. */
export interface SourceReport {
  readonly state: SourceState;
  readonly readings: readonly {
    readonly key: string;
    readonly access: Access;
    /** Absent until the first run has ended. */
    readonly reading?: Reading;
  }[];
  readonly facts: readonly Fragment[];
  /** Metrics that come from this collector alone, as text. */
  readonly metrics: string;
}

/** Everything that HTTP needs. All of it comes from memory: no request waits for the host. */
export interface Deps {
  readonly version: string;
  readonly telemetryPath: string;
  /** Whether raw output may be shown. It may contain kernel messages and names of images. */
  readonly showRaw: boolean;
  readonly now: () => number;
  readonly log: { readonly error: (fields: object, message: string) => void };
  /** The access rules in effect. */
  readonly gate: () => Gate;
  readonly latest: () => Snapshot;
  /** Why data is incomplete or old, as sentences. Empty: ready. */
  readonly readiness: () => readonly string[];
  readonly metrics: { readonly render: (format: MetricsFormat) => Promise<Buffer> };
  readonly source: (name: string) => Promise<SourceReport | undefined>;
}
