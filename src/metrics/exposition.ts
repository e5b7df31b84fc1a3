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

/** The facts as text, without the exporter's own metrics. */
export async function renderFacts(
  host: Host,
  findings: readonly Finding[],
  format: MetricsFormat,
): Promise<string> {
  return joinFamilies(await createFactsRenderer(format)(host, findings), format).toString();
}

/**
 * The facts and the exporter's version, for a file. Without the exporter's process: under these names node_exporter
 * shows its own. No sample has a timestamp: node_exporter refuses files that do (collector/textfile.go).
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

/** How old the exporter's own figures on a page may be. Facts are never older than the snapshot. */
const pageAgeMs = 1000;

/**
 * The whole page, one a snapshot and second: a thousand who ask at once get the same. `access` is how the web
 * configuration fares.
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

/** What changes without a snapshot. */
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
