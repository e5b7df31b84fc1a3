import { collectDefaultMetrics, Gauge, Histogram, type Metric, Registry } from 'prom-client';
import { hourMs } from '../model/units.ts';

/** Gauges named like counters, which promtool rejects. The same figures by type remain. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
] as const;

/** prom-client cannot turn its own measurement off. addEventLoopLag replaces it at a third of the cost of all other metrics per scrape. */

/** The rows of the tables of metrics for those of this file that have names of ours; prom-client documents the others. */
export const processMetrics = [
  {
    name: 'thinpool_exporter_build_info',
    help: 'Version of the exporter and of Node.js, always 1.',
    type: 'gauge',
    labels: ['version', 'nodeversion'],
  },
  {
    name: 'thinpool_exporter_event_loop_lag_seconds',
    help: 'Delay of a timer in the event loop of the exporter, measured twice a second.',
    type: 'histogram',
    labels: [],
  },
] as const;
const [buildInfo, eventLoopLag] = processMetrics;

/** Metrics of the exporter's process: CPU, memory, event loop, descriptors, version. Kept between scrapes, unlike facts. */
export function createSelfRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: hourMs });
  const costly = registry.getMetricsAsArray().filter(({ name }) => name.startsWith('nodejs_eventloop_lag'));
  for (const name of [...misnamed, ...costly.map(({ name }) => name)]) registry.removeSingleMetric(name);
  addEventLoopLag(registry);
  addBuildInfo(registry, version);
  return registry;
}

/** What the essential set has of the process. */
const essential = [
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  eventLoopLag.name,
  buildInfo.name,
] as const;

/** Adds the essential metrics of one registry to another. */
export function addEssential(from: Registry, to: Registry): void {
  for (const name of essential) {
    const metric = from.getSingleMetric(name);
    if (metric !== undefined) to.registerMetric(metric as Metric);
  }
}

/** Adds the version of the exporter. */
export function addBuildInfo(registry: Registry, version: string): void {
  const build = new Gauge({
    name: buildInfo.name,
    help: buildInfo.help,
    labelNames: [...buildInfo.labels],
    registers: [registry],
  });
  build.set({ version, nodeversion: process.version }, 1);
}

const lagEveryMs = 500;

/**
 * Event loop lag in seconds: the delay of a timer that is due twice a second. Node's own `monitorEventLoopDelay` wakes
 * the process a hundred times a second, and each scrape would reset it for all other scrapers.
 */
function addEventLoopLag(registry: Registry): void {
  const lag = new Histogram({
    name: eventLoopLag.name,
    help: eventLoopLag.help,
    buckets: [0.01, 0.1, 1, 5],
    registers: [registry],
  });
  let due = performance.now() + lagEveryMs;
  const observe = (): void => {
    const now = performance.now();
    lag.observe(Math.max(0, now - due) / 1000);
    due = now + lagEveryMs;
  };
  setInterval(observe, lagEveryMs).unref();
}
