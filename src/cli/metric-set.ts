import type { Config } from '../config/options.ts';
import type { MetricSet } from '../metrics/metric-set.ts';

/** The metrics that the options choose. */
export function metricSetOf({ metricSet, detailedVolumes }: Config): MetricSet {
  return { set: metricSet, detailedVolumes };
}
