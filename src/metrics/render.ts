import type { Metric, Sample } from '../model/metric.ts';
import { catalogue } from './catalogue.ts';
import { createDetailedVolumes } from './detailed-volumes.ts';
import { type MetricsFormat, renderFamily } from './family.ts';
import { findingMetrics, mutedMetrics, pendingMetrics } from './finding.ts';
import { forecastMetrics, type Judged } from './forecast.ts';
import { allMetrics, essentialSamples, type MetricSet } from './metric-set.ts';

interface Rendered {
  readonly samples: readonly Sample[];
  readonly bytes: Buffer;
}

/** Renders the metrics of the host, one buffer per family. */
export type FactsRenderer = (judged: Judged) => Promise<readonly Buffer[]>;

/** Settles when others have had their turn: what thousands of volumes take must not hold up everything else. */
export type Rest = () => Promise<unknown>;

/** A family with more samples is worth a rest. */
const longFamily = 1000;

/**
 * A renderer that renders a family again only if one of its samples has changed: on a host with thousands of volumes,
 * little changes from second to second. Families without samples are omitted.
 */
export function createFactsRenderer(
  format: MetricsFormat,
  chosen: () => MetricSet = () => allMetrics,
  rest: Rest = () => Promise.resolve(),
): FactsRenderer {
  const detail = createDetailedVolumes();
  let before = new Map<string, Rendered>();
  return async (judged) => {
    const known = before;
    const now = new Map<string, Rendered>();
    const { set, detailedVolumes } = chosen();
    const basis =
      set === 'all' ? undefined : { host: judged.host, isDetailed: detail(judged, detailedVolumes) };
    const render = async <Subject>(metric: Metric<Subject>, subject: Subject): Promise<void> => {
      const samples =
        basis === undefined ? metric.samples(subject) : essentialSamples(metric, subject, basis);
      if (samples.length === 0) return;
      const cached = known.get(metric.name);
      const isSame = cached !== undefined && areSame(samples, cached.samples, metric.labels);
      now.set(metric.name, isSame ? cached : { samples, bytes: renderFamily(metric, samples, format) });
      if (samples.length > longFamily) await rest();
    };
    for (const { metrics } of catalogue) for (const metric of metrics) await render(metric, judged.host);
    for (const metric of forecastMetrics) await render(metric, judged);
    for (const metric of findingMetrics) await render(metric, judged.findings);
    for (const metric of pendingMetrics) await render(metric, judged.pending);
    for (const metric of mutedMetrics) await render(metric, judged.muted ?? []);
    before = now;
    return [...now.values()].map(({ bytes }) => bytes);
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
