import type { Input, Output } from '../collectors/collector.ts';
import type { MetricsFormat } from '../metrics/family.ts';
import type { CollectorState } from '../model/collector-state.ts';
import type { PartialFacts } from '../model/facts.ts';
import type { Snapshot } from '../model/host.ts';
import type { Limits } from '../rules/limits.ts';
import type { Guard } from './access/guard.ts';
import type { ScraperWatch } from './scrapers.ts';

/** One collector from end to end: output, facts and metrics. */
export interface CollectorReport {
  readonly state: CollectorState;
  readonly outputs: readonly {
    readonly key: string;
    readonly input: Input;
    /** Absent until the first run has ended. */
    readonly output?: Output;
  }[];
  readonly facts: readonly PartialFacts[];
  /** Metrics that come from this collector alone, as text. */
  readonly metrics: string;
}

/** Everything that HTTP needs. All of it comes from memory: no request waits for the host. */
export interface Deps {
  readonly version: string;
  /** What people call this host. */
  readonly hostName: string;
  readonly telemetryPath: string;
  /** Whether raw output may be shown. It may contain kernel messages and names of images. */
  readonly showRaw: boolean;
  readonly now: () => number;
  readonly log: { readonly error: (fields: object, message: string) => void };
  /** The access rules in effect. */
  readonly guard: () => Guard;
  /** The limits in force. */
  readonly limits: () => Limits;
  readonly latest: () => Snapshot;
  /** Why data is incomplete or old, as sentences. Empty: ready. */
  readonly readiness: () => readonly string[];
  /** Learns of every scrape. */
  readonly scrapers?: Pick<ScraperWatch, 'saw'>;
  readonly metrics: { readonly render: (format: MetricsFormat) => Promise<Buffer> };
  /** The runbooks by name, as HTML. */
  readonly runbooks: () => Readonly<Record<string, { readonly html: string }>>;
  readonly collector: (name: string) => Promise<CollectorReport | undefined>;
}
