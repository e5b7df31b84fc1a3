import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** The exporter's own process: CPU, memory, event loop, descriptors, version. Kept between scrapes, unlike facts. */
export function createSelfRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
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
