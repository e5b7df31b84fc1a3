import type { Metric, Sample } from '../model/metric.ts';
import { catalogue } from './catalogue.ts';
import { createDetailedVolumes } from './detailed-volumes.ts';
import { type MetricsFormat, renderFamily } from './family.ts';
import { findingMetrics, mutedMetrics, pendingMetrics } from './finding.ts';
import { forecastMetrics, type Judged } from './forecast.ts';
import { allMetrics, essentialSamples, type MetricSet } from './metric-set.ts';

interface Rendered {
  readonly samples: readonly Sample[];
  readonly bytes: Promise<Buffer>;
}

/** Renders the metrics of the host, one buffer per family. */
export type FactsRenderer = (judged: Judged) => Promise<readonly Buffer[]>;

/**
 * A renderer that renders a family again only if one of its samples has changed: on a host with thousands of volumes,
 * little changes from second to second. Families without samples are omitted.
 */
export function createFactsRenderer(
  format: MetricsFormat,
  chosen: () => MetricSet = () => allMetrics,
): FactsRenderer {
  const detail = createDetailedVolumes();
  let before = new Map<string, Rendered>();
  return (judged) => {
    const now = new Map<string, Rendered>();
    const { set, detailedVolumes } = chosen();
    const basis =
      set === 'all' ? undefined : { host: judged.host, isDetailed: detail(judged, detailedVolumes) };
    const render = <Subject>(metric: Metric<Subject>, subject: Subject): void => {
      const samples =
        basis === undefined ? metric.samples(subject) : essentialSamples(metric, subject, basis);
      if (samples.length === 0) return;
      const cached = before.get(metric.name);
      const isSame = cached !== undefined && areSame(samples, cached.samples, metric.labels);
      now.set(metric.name, isSame ? cached : { samples, bytes: renderFamily(metric, samples, format) });
    };
    for (const { metrics } of catalogue) for (const metric of metrics) render(metric, judged.host);
    for (const metric of forecastMetrics) render(metric, judged);
    for (const metric of findingMetrics) render(metric, judged.findings);
    for (const metric of pendingMetrics) render(metric, judged.pending);
    for (const metric of mutedMetrics) render(metric, judged.muted ?? []);
    before = now;
    return Promise.all([...now.values()].map(({ bytes }) => bytes));
  };
}

function areSame(some: readonly Sample[], others: readonly Sample[], labels: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  return some.every((sample, at) => {
    const other = others[at];
    if (sample === other) return true;
    if (other === undefined || !Object.is(sample.value, other.value)) return false;
    return labels.every((label) => sample.labels[label] === other.labels[label]);
  });
}
