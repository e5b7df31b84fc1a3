import type { Access, Reading } from '../collectors/collector.ts';
import type { MetricsFormat } from '../metrics/family.ts';
import type { Fragment } from '../model/facts.ts';
import type { Snapshot } from '../model/host.ts';
import type { SourceState } from '../model/source-state.ts';
import type { Gate } from './access/guard.ts';

/** What was read, what it says, what comes of it: one source from end to end. */
export interface SourceReport {
  readonly state: SourceState;
  readonly readings: readonly {
    readonly key: string;
    readonly access: Access;
    /** Absent while none has ended. */
    readonly reading?: Reading;
  }[];
  readonly facts: readonly Fragment[];
  /** Lines of the metrics that this source alone gives. */
  readonly metrics: string;
}

/** All that HTTP needs. Everything answers from memory: no request ever waits for the host. */
export interface Deps {
  readonly version: string;
  readonly telemetryPath: string;
  /** Whether the text that was read may be shown; it may hold kernel messages and names of images. */
  readonly showRaw: boolean;
  readonly now: () => number;
  readonly log: { readonly error: (fields: object, message: string) => void };
  /** Whom to let in: the rules that hold now. */
  readonly gate: () => Gate;
  readonly latest: () => Snapshot;
  /** Why there is no complete and recent reading, as sentences. Empty: ready. */
  readonly readiness: () => readonly string[];
  readonly metrics: { readonly render: (format: MetricsFormat) => Promise<Buffer> };
  readonly source: (name: string) => Promise<SourceReport | undefined>;
}
