import type { Host } from '../model/host.ts';
import type { Essential, Metric, Sample } from '../model/metric.ts';
import { secondMs } from '../model/units.ts';
import { slowAfterMs } from '../safety/lateness.ts';
import type { DetailedVolumes } from './detailed-volumes.ts';

/** Which metrics are exported: all, or what the shipped alerts and dashboards need. */
export interface MetricSet {
  readonly set: 'essential' | 'all';
  /** Volumes of each pool that have all metrics of volumes in the essential set. */
  readonly detailedVolumes: number;
}

export const allMetrics: MetricSet = { set: 'all', detailedVolumes: 0 };

/** What decides about samples besides themselves. */
export interface Basis {
  readonly host: Host;
  readonly isDetailed: DetailedVolumes;
}

type Keeps = (sample: Sample, basis: Basis) => boolean;

const isNotZero: Keeps = ({ value }) => value !== 0;

const keeps: Readonly<Record<Exclude<Essential, 'none'>, Keeps>> = {
  'detailed-volumes': ({ labels }, { isDetailed }) =>
    isDetailed(labels['pool'] ?? '', labels['volume'] ?? ''),
  'not-zero': isNotZero,
  'not-ok': (sample) => sample.value !== 0 && sample.labels['status'] !== 'ok',
  slow: ({ value }) => value * secondMs >= slowAfterMs,
  present: ({ labels }, { host }) =>
    host.collectors.some(({ name, status }) => name === labels['collector'] && status !== 'absent'),
};

/** The samples of a metric that the essential set has. */
export function essentialSamples<Subject>(
  metric: Metric<Subject>,
  subject: Subject,
  basis: Basis,
): readonly Sample[] {
  const { essential } = metric;
  if (essential === 'none') return [];
  const samples = metric.samples(subject);
  return essential === undefined ? samples : samples.filter((sample) => keeps[essential](sample, basis));
}
