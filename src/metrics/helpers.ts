import type { Host } from '../model/host.ts';
import type { Essential, HostMetric, Labels, Metric, Sample } from '../model/metric.ts';
import { isActive, type Pool } from '../model/pool.ts';

export type Value = number | boolean | undefined;

/** Undefined if the value is unknown. */
export function sampleOf(labels: Labels, value: Value): Sample | undefined {
  return value === undefined ? undefined : { labels, value: Number(value) };
}

/** One sample, or none if the value is unknown. */
export function sample(labels: Labels, value: Value): Sample[] {
  return value === undefined ? [] : [{ labels, value: Number(value) }];
}

/** The pools that are reported without a device and, unless discovery is outdated, those that have one. */
export function currentPools(host: Host): readonly Pool[] {
  return host.discovered ? host.pools : host.pools.filter((pool) => !isActive(pool));
}

/** A gauge of what there may not be, such as a file that was not given: then without a sample. */
export function optionalGauge<State>(
  name: Metric<State>['name'],
  help: string,
  value: (state: State) => Value,
): Metric<State | undefined> {
  const samples = (state: State | undefined) => (state === undefined ? [] : sample({}, value(state)));
  return { name, help, type: 'gauge', labels: [], samples };
}

/** A metric of which the essential set has only a part. */
export function reduced<Subject>(essential: Essential, metric: Metric<Subject>): Metric<Subject> {
  return { ...metric, essential };
}

/** A gauge with one sample per pool. */
export function poolGauge(
  name: HostMetric['name'],
  help: string,
  value: (pool: Pool, host: Host) => Value,
): HostMetric {
  const samples = (host: Host) =>
    currentPools(host).flatMap((pool) => sample({ pool: pool.name }, value(pool, host)));
  return { name, help, type: 'gauge', labels: ['pool'], samples };
}

/** A gauge with any number of samples per pool; `labels` are in addition to `pool`. */
export function poolGauges(
  name: HostMetric['name'],
  help: string,
  labels: readonly string[],
  samplesOf: (pool: Pool) => readonly Sample[],
): HostMetric {
  const samples = (host: Host) =>
    currentPools(host).flatMap((pool) =>
      samplesOf(pool).map(({ labels: own, value }) => ({ labels: { pool: pool.name, ...own }, value })),
    );
  return { name, help, type: 'gauge', labels: ['pool', ...labels], samples };
}
