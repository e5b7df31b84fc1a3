import { Registry } from 'prom-client';
import type { ConfigState } from '../model/config-state.ts';
import type { Snapshot } from '../model/host.ts';
import type { Metric } from '../model/metric.ts';
import type { NotifierState } from '../model/notifier-state.ts';
import type { NotifyState } from '../model/notify-state.ts';
import type { AccessState } from '../model/web-config-state.ts';
import { alertmanagerMetrics } from './alertmanager.ts';
import { clockMetrics } from './clock.ts';
import { configMetrics } from './config.ts';
import { joinFamilies, type MetricsFormat, renderFamily, renderRegistry } from './family.ts';
import type { Judged } from './forecast.ts';
import { allMetrics, type MetricSet } from './metric-set.ts';
import { notifyMetrics } from './notify.ts';
import { addBuildInfo, addEssential, createSelfRegistry } from './process.ts';
import { createFactsRenderer, type FactsRenderer, type Rest } from './render.ts';
import { accessMetrics } from './web-config.ts';

/** The metrics of the host, without the exporter's own: all of them, unless a set is given. */
export async function renderFacts(
  judged: Judged,
  format: MetricsFormat,
  set: MetricSet = allMetrics,
): Promise<string> {
  return joinFamilies(await createFactsRenderer(format, () => set)(judged), format).toString();
}

/**
 * The metrics of the host, the exporter's version and its clock, for a file. Process metrics are left out, because
 * node_exporter uses the same names. Samples have no timestamps: node_exporter rejects files that contain any
 * (collector/textfile.go).
 */
export async function renderTextfile(
  judged: Judged,
  version: string,
  now: number,
  set: MetricSet = allMetrics,
): Promise<string> {
  const build = new Registry();
  addBuildInfo(build, version);
  const facts = await createFactsRenderer('text', () => set)(judged);
  const own = await Promise.all([...renderOwn(clockMetrics, now, 'text'), renderRegistry(build, 'text')]);
  return joinFamilies([...facts, ...own], 'text').toString();
}

/** Maximum age of the exporter's own metrics. Facts are never older than the snapshot. */
const expositionAgeMs = 1000;

/** States of the exporter's parts, and the set of metrics. An absent part has no metrics. */
export interface OwnStates {
  /** The web configuration. */
  readonly access?: () => AccessState | undefined;
  /** The options file. */
  readonly options?: () => ConfigState | undefined;
  readonly notifier?: () => NotifierState;
  readonly notify?: () => NotifyState;
  /** Which metrics are exported; all, unless it is given. */
  readonly set?: () => MetricSet;
  /** Lets others run in between. */
  readonly rest?: Rest;
}

/** The whole exposition, rendered at most once per snapshot and second: concurrent scrapes share it. `clock` is the wall clock. */
export function createExposition(
  latest: () => Judged & Pick<Snapshot, 'version'>,
  version: string,
  clock: () => number,
  { access, options, notifier, notify, set = () => allMetrics, rest }: OwnStates = {},
): (format: MetricsFormat) => Promise<Buffer> {
  const self = { all: createSelfRegistry(version), essential: new Registry() };
  addEssential(self.all, self.essential);
  const facts = {
    text: createFactsExposition(latest, createFactsRenderer('text', set, rest)),
    openmetrics: createFactsExposition(latest, createFactsRenderer('openmetrics', set, rest)),
  };
  const expositions = new Map<MetricsFormat, { version: number; madeAt: number; bytes: Promise<Buffer> }>();
  async function render(format: MetricsFormat): Promise<Buffer> {
    const families = await Promise.all([
      ...renderOwn(clockMetrics, clock(), format),
      ...renderOwn(accessMetrics, access?.(), format),
      ...renderOwn(configMetrics, options?.(), format),
      ...(notifier === undefined ? [] : renderOwn(alertmanagerMetrics, notifier(), format)),
      ...(notify === undefined ? [] : renderOwn(notifyMetrics, notify(), format)),
      renderRegistry(self[set().set], format),
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
function renderOwn<State>(metrics: readonly Metric<State>[], state: State, format: MetricsFormat): Buffer[] {
  return metrics.flatMap((metric) => {
    const samples = metric.samples(state);
    return samples.length === 0 ? [] : [renderFamily(metric, samples, format)];
  });
}

function createFactsExposition(
  latest: () => Judged & Pick<Snapshot, 'version'>,
  render: FactsRenderer,
): () => Promise<readonly Buffer[]> {
  let rendered: { version: number; families: Promise<readonly Buffer[]> } | undefined;
  return () => {
    const judged = latest();
    const { version } = judged;
    if (rendered?.version !== version) rendered = { version, families: render(judged) };
    return rendered.families;
  };
}
