import type { Metric } from '../model/metric.ts';
import { secondMs } from '../model/units.ts';
import { sample } from './helpers.ts';

/** The exporter's own clock, Unix ms. */
export const clockMetrics: readonly Metric<number>[] = [
  {
    name: 'thinpool_exporter_clock_timestamp_seconds',
    help: "Unix time of the exporter's clock at this exposition, to compare its other timestamps with; in a file of the textfile collector, when the file was written.",
    type: 'gauge',
    labels: [],
    samples: (now) => sample({}, now / secondMs),
  },
];
