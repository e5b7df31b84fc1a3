import {
  Counter,
  Gauge,
  type OpenMetricsContentType,
  type PrometheusContentType,
  Registry,
} from 'prom-client';
import type { Metric, Sample } from '../model/metric.ts';

/** Prometheus text 0.0.4, or OpenMetrics 1.0. */
export type MetricsFormat = 'text' | 'openmetrics';

type AnyRegistry = Registry<PrometheusContentType> | Registry<OpenMetricsContentType>;

type Family = Omit<Metric<never>, 'samples'>;

const contentTypes = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;

const endOfOpenMetrics = '# EOF\n';

/** One metric family. Each call uses a fresh registry, because prom-client would keep stale labelled series. */
export async function renderFamily(
  { name, help, type, labels }: Family,
  samples: readonly Sample[],
  format: MetricsFormat,
): Promise<Buffer> {
  const registry = new Registry();
  const description = { name, help, labelNames: [...labels], registers: [registry] };
  if (type === 'gauge') {
    const gauge = new Gauge(description);
    for (const sample of samples) gauge.set(sample.labels, sample.value);
  } else {
    const counter = new Counter(description);
    for (const sample of samples) counter.inc(sample.labels, sample.value);
  }
  return renderRegistry(registry, format);
}

/**
 * The metrics of a registry, without the end marker of an exposition. Rendered from a copy: for OpenMetrics, prom-client
 * renames the counters of the registry that it renders, and it reads the format of the registry again after waiting.
 */
export async function renderRegistry(registry: Registry, format: MetricsFormat): Promise<Buffer> {
  const text = await viewOf(registry, format).metrics();
  const families = text.endsWith(endOfOpenMetrics) ? text.slice(0, -endOfOpenMetrics.length) : text;
  return Buffer.from(families.trimEnd());
}

/** The same metrics under names of its own. */
function viewOf(registry: Registry, format: MetricsFormat): AnyRegistry {
  const view: AnyRegistry = new Registry();
  view.setContentType(contentTypes[format] as never);
  for (const metric of registry.getMetricsAsArray()) view.registerMetric(Object.create(metric));
  return view;
}

/** Joins families to an exposition. Bytes, because a string would be one more copy of what thousands of volumes take. */
export function joinFamilies(families: readonly Buffer[], format: MetricsFormat): Buffer {
  const { between, end } = marks[format];
  const filled = families.filter((family) => family.length > 0);
  return Buffer.concat([...filled.flatMap((family, at) => (at === 0 ? [family] : [between, family])), end]);
}

const marks: Readonly<Record<MetricsFormat, { readonly between: Buffer; readonly end: Buffer }>> = {
  text: { between: Buffer.from('\n\n'), end: Buffer.from('\n') },
  openmetrics: { between: Buffer.from('\n'), end: Buffer.from(`\n${endOfOpenMetrics}`) },
};
