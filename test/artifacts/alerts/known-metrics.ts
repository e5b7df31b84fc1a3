import { catalogue } from '../../../src/metrics/catalogue.ts';
import { clockMetrics } from '../../../src/metrics/clock.ts';
import { configMetrics } from '../../../src/metrics/config.ts';
import { findingMetrics, mutedMetrics, pendingMetrics } from '../../../src/metrics/finding.ts';
import { forecastMetrics } from '../../../src/metrics/forecast.ts';
import { accessMetrics } from '../../../src/metrics/web-config.ts';

/** What Prometheus adds to every series of a target; `cluster` where one server rules over several. */
const target = ['instance', 'job', 'cluster'];

const exported = [
  ...catalogue.flatMap(({ metrics }) => [...metrics]),
  ...forecastMetrics,
  ...findingMetrics,
  ...clockMetrics,
  ...pendingMetrics,
  ...mutedMetrics,
  ...accessMetrics,
  ...configMetrics,
];

/** Metrics that can be queried, with their labels: the catalogue, and what Prometheus makes itself. */
export const knownMetrics: ReadonlyMap<string, readonly string[]> = new Map([
  ...exported.map(({ name, labels }) => [name, [...target, ...labels]] as const),
  ['thinpool_exporter_build_info', [...target, 'version', 'nodeversion']],
  ['thinpool_exporter_event_loop_lag_seconds_bucket', [...target, 'le']],
  ['up', target],
  ['scrape_duration_seconds', target],
  ['ALERTS', [...target, 'alertname', 'alertstate', 'severity', 'page', 'pool', 'resource', 'target']],
]);
