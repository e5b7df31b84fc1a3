import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** Gauges that are named like counters, which promtool complains of. The same figures by type stay. */
const misnamed = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
] as const;

/** The exporter's own process: CPU, memory, event loop, descriptors, version. Kept between scrapes, unlike facts. */
export function createSelfRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of misnamed) registry.removeSingleMetric(name);
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
