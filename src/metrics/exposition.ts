import { Registry } from 'prom-client';
import type { Finding } from '../model/finding.ts';
import type { Host, Snapshot } from '../model/host.ts';
import type { Metric } from '../model/metric.ts';
import type { DirectPageState } from '../model/notifier-state.ts';
import type { AccessState } from '../model/web-config-state.ts';
import { directMetrics } from './alertmanager.ts';
import { joinFamilies, type MetricsFormat, renderFamily, renderRegistry } from './family.ts';
import { addBuildInfo, createSelfRegistry } from './process.ts';
import { createFactsRenderer } from './render.ts';
import { accessMetrics } from './web-config.ts';

/** Metrics about the host, without those about the exporter. */
export async function renderFacts(
  host: Host,
  findings: readonly Finding[],
  format: MetricsFormat,
): Promise<string> {
  return joinFamilies(await createFactsRenderer(format)(host, findings), format).toString();
}

/**
 * For a file of the textfile collector. Leaves out process metrics, because node_exporter has its own under these names. No
 * sample has a timestamp: node_exporter rejects files with timestamps (collector/textfile.go).
 */
export async function renderTextfile(
  host: Host,
  findings: readonly Finding[],
  version: string,
): Promise<string> {
  const build = new Registry();
  addBuildInfo(build, version);
  const facts = await createFactsRenderer('text')(host, findings);
  return joinFamilies([...facts, await renderRegistry(build, 'text')], 'text').toString();
}

/** How old metrics about the exporter itself may be. All others are as old as the host snapshot. */
const pageAgeMs = 1000;

/**
 * The whole exposition, rendered once per host snapshot and second: a thousand concurrent requests get the same bytes.
 */
export function createPage(
  latest: () => Pick<Snapshot, 'host' | 'findings' | 'version'>,
  version: string,
  access: () => AccessState | undefined,
  direct?: () => DirectPageState,
): (format: MetricsFormat) => Promise<Buffer> {
  const self = createSelfRegistry(version);
  const facts = {
    text: createFactsPage(latest, 'text'),
    openmetrics: createFactsPage(latest, 'openmetrics'),
  };
  const pages = new Map<MetricsFormat, { version: number; madeAt: number; bytes: Promise<Buffer> }>();
  async function render(format: MetricsFormat): Promise<Buffer> {
    const families = await Promise.all([
      ...renderOwn(accessMetrics, access(), format),
      ...(direct === undefined ? [] : renderOwn(directMetrics, direct(), format)),
      renderRegistry(self, format),
    ]);
    return joinFamilies([...(await facts[format]()), ...families], format);
  }
  return (format) => {
    const known = pages.get(format);
    const now = performance.now();
    const { version: current } = latest();
    if (known?.version === current && now - known.madeAt < pageAgeMs) return known.bytes;
    const bytes = render(format);
    pages.set(format, { version: current, madeAt: now, bytes });
    return bytes;
  };
}

/** Metrics that change without a new host snapshot. */
function renderOwn<State>(
  metrics: readonly Metric<State>[],
  state: State,
  format: MetricsFormat,
): Promise<Buffer>[] {
  return metrics.flatMap((metric) => {
    const samples = metric.samples(state);
    return samples.length === 0 ? [] : [renderFamily(metric, samples, format)];
  });
}

function createFactsPage(
  latest: () => Pick<Snapshot, 'host' | 'findings' | 'version'>,
  format: MetricsFormat,
): () => Promise<readonly Buffer[]> {
  const render = createFactsRenderer(format);
  let rendered: { version: number; families: Promise<readonly Buffer[]> } | undefined;
  return () => {
    const { host, findings, version } = latest();
    if (rendered?.version !== version) rendered = { version, families: render(host, findings) };
    return rendered.families;
  };
}
