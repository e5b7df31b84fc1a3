import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { addEventLoopLag } from './event-loop-lag.ts';

/** Gauges that are named like counters, which promtool complains of. The same figures by type stay. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
] as const;

/** Not to measure at all is no choice. event-loop-lag.ts measures instead, for a third of what all others cost a scrape. */
const hourMs = 3_600_000;

/** The exporter's own process: CPU, memory, event loop, descriptors, version. Kept between scrapes, unlike facts. */
export function createSelfRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: hourMs });
  const dear = registry.getMetricsAsArray().filter(({ name }) => name.startsWith('nodejs_eventloop_lag'));
  for (const name of [...misnamed, ...dear.map(({ name }) => name)]) registry.removeSingleMetric(name);
  addEventLoopLag(registry);
  addBuildInfo(registry, version);
  return registry;
}

/** Which exporter made this page. */
export function addBuildInfo(registry: Registry, version: string): void {
  const build = new Gauge({
    name: 'thinpool_exporter_build_info',
    help: 'Version of the exporter and of Node.js. Always 1.',
    labelNames: ['version', 'nodeversion'],
    registers: [registry],
  });
  build.set({ version, nodeversion: process.version }, 1);
}
