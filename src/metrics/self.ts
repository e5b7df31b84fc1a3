import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** The exporter's own process: CPU, memory, event loop, descriptors, version. Kept between scrapes, unlike facts. */
export function createSelfRegistry(version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const build = new Gauge({
    name: 'thinpool_exporter_build_info',
    help: 'Version of the exporter and of Node.js. Always 1.',
    labelNames: ['version', 'nodeversion'],
    registers: [registry],
  });
  build.set({ version, nodeversion: process.version }, 1);
  return registry;
}
