import { type OpenMetricsContentType, type PrometheusContentType, Registry } from 'prom-client';
import type { Labels, Metric, Sample } from '../model/metric.ts';

/** Prometheus text 0.0.4, or OpenMetrics 1.0. */
export type MetricsFormat = 'text' | 'openmetrics';

type AnyRegistry = Registry<PrometheusContentType> | Registry<OpenMetricsContentType>;

type Family = Omit<Metric<never>, 'samples'>;

const contentTypes = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;

const endOfOpenMetrics = '# EOF\n';

/**
 * One metric family, as prom-client would render it. With ten thousand volumes its registry takes a hundred milliseconds for what
 * changes in a poll, five times as long as this; a test compares the two. Of samples with the same labels there is one line: two
 * volumes have one name while one of them is made anew.
 */
export function renderFamily(
  { name, help, type }: Family,
  samples: readonly Sample[],
  format: MetricsFormat,
): Buffer {
  const values = new Map<string, number>();
  for (const { labels, value } of samples) {
    const text = formatLabels(labels);
    values.set(text, type === 'counter' ? (values.get(text) ?? 0) + value : value);
  }
  const isOpenCounter = format === 'openmetrics' && type === 'counter';
  const family = isOpenCounter ? name.replace(/_total$/, '') : name;
  const metric = isOpenCounter ? `${family}_total` : name;
  const lines = [`# HELP ${family} ${escapeText(help)}`, `# TYPE ${family} ${type}`];
  for (const [text, value] of values) lines.push(`${metric}${text} ${formatValue(value)}`);
  return Buffer.from(lines.join('\n'));
}

function formatLabels(labels: Labels): string {
  let text = '';
  for (const name of Object.keys(labels))
    text += `${text === '' ? '{' : ','}${name}="${escapeLabel(labels[name] ?? '')}"`;
  return text === '' ? '' : `${text}}`;
}

function escapeLabel(text: string): string {
  return /[\\\n"]/.test(text) ? escapeText(text).replaceAll('"', '\\"') : text;
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function formatValue(value: number): string {
  if (Number.isFinite(value)) return `${value}`;
  if (Number.isNaN(value)) return 'Nan';
  return value < 0 ? '-Inf' : '+Inf';
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
