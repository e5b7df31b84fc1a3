import { type OpenMetricsContentType, type PrometheusContentType, Registry } from 'prom-client';
import type { Finding } from '../model/finding.ts';
import type { Host } from '../model/host.ts';
import { fillRegistry } from './render.ts';
import { addBuildInfo, createSelfRegistry } from './self.ts';

export type MetricsFormat = 'text' | 'openmetrics';

type AnyRegistry = Registry<PrometheusContentType> | Registry<OpenMetricsContentType>;

const contentTypes = {
  text: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
} as const;

export interface PageSource {
  readonly host: Host;
  readonly findings: readonly Finding[];
  readonly version: number;
}

/** The facts as text, without the exporter's own metrics. */
export async function renderFacts(
  host: Host,
  findings: readonly Finding[],
  format: MetricsFormat,
): Promise<string> {
  const registry = createRegistry(format);
  fillRegistry(registry as Registry, host, findings);
  return registry.metrics();
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
  const registry = createRegistry('text');
  fillRegistry(registry as Registry, host, findings);
  addBuildInfo(registry as Registry, version);
  return registry.metrics();
}

/** The whole page. Facts are rendered once a snapshot, however many scrape it. */
export function createPage(
  latest: () => PageSource,
  version: string,
): (format: MetricsFormat) => Promise<string> {
  const self = createSelfRegistry(version);
  const rendered = new Map<MetricsFormat, { version: number; text: Promise<string> }>();
  return async (format) => {
    const snapshot = latest();
    let facts = rendered.get(format);
    if (facts?.version !== snapshot.version) {
      facts = { version: snapshot.version, text: renderFacts(snapshot.host, snapshot.findings, format) };
      rendered.set(format, facts);
    }
    return joinPages(await facts.text, await renderSelf(self, format));
  };
}

function createRegistry(format: MetricsFormat): AnyRegistry {
  const registry = new Registry();
  registry.setContentType(contentTypes[format] as never);
  return registry;
}

async function renderSelf(self: Registry, format: MetricsFormat): Promise<string> {
  self.setContentType(contentTypes[format] as never);
  return self.metrics();
}

const endOfOpenMetrics = '# EOF\n';

function joinPages(first: string, second: string): string {
  const body = first.endsWith(endOfOpenMetrics) ? first.slice(0, -endOfOpenMetrics.length) : first;
  return `${body.trimEnd()}\n${second}`;
}
