import { Counter, Gauge, type Registry } from 'prom-client';
import type { Finding } from '../model/finding.ts';
import type { Host } from '../model/host.ts';
import type { Metric } from '../model/metric.ts';
import { catalogue } from './catalogue.ts';
import { findingMetrics } from './finding-metrics.ts';

/**
 * A fresh registry with everything that is known now. Fresh, because prom-client keeps labelled series for ever and
 * shows an unlabelled gauge as 0 before it is set: both would be lies here.
 */
export function fillRegistry(registry: Registry, host: Host, findings: readonly Finding[]): void {
  for (const { metrics } of catalogue) for (const metric of metrics) register(registry, metric, host);
  for (const metric of findingMetrics) register(registry, metric, findings);
}

function register<Subject>(registry: Registry, metric: Metric<Subject>, subject: Subject): void {
  const samples = metric.samples(subject);
  if (samples.length === 0) return;
  const description = {
    name: metric.name,
    help: metric.help,
    labelNames: [...metric.labels],
    registers: [registry],
  };
  if (metric.type === 'gauge') {
    const gauge = new Gauge(description);
    for (const { labels, value } of samples) gauge.set(labels, value);
  } else {
    const counter = new Counter(description);
    for (const { labels, value } of samples) counter.inc(labels, value);
  }
}
