import { Registry } from 'prom-client';
import type { DirectPageState } from '../model/direct-page.ts';
import type { Finding } from '../model/finding.ts';
import type { Host } from '../model/host.ts';
import { directMetrics } from './direct-metrics.ts';
import { joinFamilies, type MetricsFormat, renderFamily, renderRegistry } from './family.ts';
import { createFactsRenderer } from './render.ts';
import { addBuildInfo, createSelfRegistry } from './self.ts';

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
  return joinFamilies(await createFactsRenderer(format)(host, findings), format);
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
  return joinFamilies([...facts, await renderRegistry(build, 'text')], 'text');
}

/** The whole page. Facts are rendered once a snapshot, however many scrape it. */
export function createPage(
  latest: () => PageSource,
  version: string,
  direct?: () => DirectPageState,
): (format: MetricsFormat) => Promise<string> {
  const self = createSelfRegistry(version);
  const pages = {
    text: createFactsPage(latest, 'text'),
    openmetrics: createFactsPage(latest, 'openmetrics'),
  };
  return async (format) =>
    joinFamilies(
      [
        ...(await pages[format]()),
        ...(direct === undefined ? [] : await renderDirect(direct(), format)),
        await renderRegistry(self, format),
      ],
      format,
    );
}

/** These change without a snapshot. */
function renderDirect(state: DirectPageState, format: MetricsFormat): Promise<readonly string[]> {
  const filled = directMetrics.flatMap((metric) => {
    const samples = metric.samples(state);
    return samples.length === 0 ? [] : [renderFamily(metric, samples, format)];
  });
  return Promise.all(filled);
}

function createFactsPage(latest: () => PageSource, format: MetricsFormat): () => Promise<readonly string[]> {
  const render = createFactsRenderer(format);
  let rendered: { version: number; families: Promise<readonly string[]> } | undefined;
  return () => {
    const { host, findings, version } = latest();
    if (rendered?.version !== version) rendered = { version, families: render(host, findings) };
    return rendered.families;
  };
}
