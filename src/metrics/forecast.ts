import { targets } from '../model/finding.ts';
import type { Snapshot } from '../model/host.ts';
import type { Metric, Sample } from '../model/metric.ts';
import { resources } from '../model/pool.ts';
import { forecastSeconds } from '../thinpool/forecast.ts';
import { sample } from './helpers.ts';

export type Judged = Pick<Snapshot, 'host' | 'findings' | 'pending' | 'trends' | 'muted'>;

/** How the space of pools develops, from the exporter's own history of about an hour. */
export const forecastMetrics: readonly Metric<Judged>[] = [
  {
    name: 'thinpool_growth_bytes_per_second',
    help: 'Present growth of used space, negative while it shrinks; absent until it can be measured (about 30 s after start).',
    type: 'gauge',
    labels: ['pool', 'resource'],
    samples: ({ host, trends }) =>
      (host.discovered ? trends : []).flatMap((trend) =>
        resources.flatMap((resource) => {
          const value = trend[resource]?.bytesPerSecond;
          return value === undefined ? [] : [{ labels: { pool: trend.pool, resource }, value }];
        }),
      ),
  },
  {
    name: 'thinpool_time_left_seconds',
    help: 'Seconds until the pool is full (target="full") or at its minimum free space (target="minimum_free"), at the present growth; 0 at the limit, absent while it does not grow, or not steadily enough for a forecast.',
    type: 'gauge',
    labels: ['pool', 'resource', 'target'],
    samples: samplesOfTimeLeft,
  },
];

function samplesOfTimeLeft({ host, ...basis }: Judged): Sample[] {
  return (host.discovered ? host.pools : []).flatMap((pool) =>
    resources.flatMap((resource) =>
      targets.flatMap((target) =>
        sample({ pool: pool.name, resource, target }, forecastSeconds(pool, resource, target, basis)),
      ),
    ),
  );
}
