import { Registry } from 'prom-client';
import type { Snapshot } from '../model/host.ts';
import type { Metric } from '../model/metric.ts';
import type { NotifierState } from '../model/notifier-state.ts';
import type { AccessState } from '../model/web-config-state.ts';
import { alertmanagerMetrics } from './alertmanager.ts';
import { joinFamilies, type MetricsFormat, renderFamily, renderRegistry } from './family.ts';
import type { Judged } from './forecast.ts';
import { addBuildInfo, createSelfRegistry } from './process.ts';
import { createFactsRenderer } from './render.ts';
import { accessMetrics } from './web-config.ts';

/** The metrics of the host, without the exporter's own. */
export async function renderFacts(judged: Judged, format: MetricsFormat): Promise<string> {
  return joinFamilies(await createFactsRenderer(format)(judged), format).toString();
}

/**
 * The metrics of the host and the exporter's version, for a file. Process metrics are left out, because node_exporter
 * uses the same names. Samples have no timestamps: node_exporter rejects files that contain any (collector/textfile.go).
 */
export async function renderTextfile(judged: Judged, version: string): Promise<string> {
  const build = new Registry();
  addBuildInfo(build, version);
  const facts = await createFactsRenderer('text')(judged);
  return joinFamilies([...facts, await renderRegistry(build, 'text')], 'text').toString();
}

/** Maximum age of the exporter's own metrics. Facts are never older than the snapshot. */
const expositionAgeMs = 1000;

/**
 * The whole exposition, rendered at most once per snapshot and second: concurrent scrapes share it. `access` is the
 * state of the web configuration.
 */
export function createExposition(
  latest: () => Judged & Pick<Snapshot, 'version'>,
  version: string,
  access: () => AccessState | undefined,
  notifier?: () => NotifierState,
): (format: MetricsFormat) => Promise<Buffer> {
  const self = createSelfRegistry(version);
  const facts = {
    text: createFactsExposition(latest, 'text'),
    openmetrics: createFactsExposition(latest, 'openmetrics'),
  };
  const expositions = new Map<MetricsFormat, { version: number; madeAt: number; bytes: Promise<Buffer> }>();
  async function render(format: MetricsFormat): Promise<Buffer> {
    const families = await Promise.all([
      ...renderOwn(accessMetrics, access(), format),
      ...(notifier === undefined ? [] : renderOwn(alertmanagerMetrics, notifier(), format)),
      renderRegistry(self, format),
    ]);
    return joinFamilies([...(await facts[format]()), ...families], format);
  }
  return (format) => {
    const cached = expositions.get(format);
    const now = performance.now();
    const { version: current } = latest();
    if (cached?.version === current && now - cached.madeAt < expositionAgeMs) return cached.bytes;
    const bytes = render(format);
    expositions.set(format, { version: current, madeAt: now, bytes });
    return bytes;
  };
}

/** Metrics that change without a new snapshot. */
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

function createFactsExposition(
  latest: () => Judged & Pick<Snapshot, 'version'>,
  format: MetricsFormat,
): () => Promise<readonly Buffer[]> {
  const render = createFactsRenderer(format);
  let rendered: { version: number; families: Promise<readonly Buffer[]> } | undefined;
  return () => {
    const judged = latest();
    const { version } = judged;
    if (rendered?.version !== version) rendered = { version, families: render(judged) };
    return rendered.families;
  };
}
