import { type Target, targets } from '../model/finding.ts';
import type { Snapshot } from '../model/host.ts';
import type { Metric, Sample } from '../model/metric.ts';
import { resources } from '../model/pool.ts';
import type { SpaceTrend } from '../model/trend.ts';

export type Judged = Pick<Snapshot, 'host' | 'findings' | 'trends'>;

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
    help: 'Seconds until the pool is full (target="full") or at its minimum free space (target="minimum_free"), at the present growth; absent while it does not grow, or not steadily enough to be known.',
    type: 'gauge',
    labels: ['pool', 'resource', 'target'],
    samples: samplesOfTimeLeft,
  },
];

/** What a finding was judged by counts before what is true of steady growth only. */
function samplesOfTimeLeft({ host, trends, findings }: Judged): Sample[] {
  return (host.discovered ? trends : []).flatMap((trend) =>
    resources.flatMap((resource) =>
      targets.flatMap((target) => {
        const finding = findings.find(
          (one) =>
            one.pool === trend.pool &&
            one.resource === resource &&
            one.target === target &&
            one.secondsLeft !== undefined,
        );
        const value = finding?.secondsLeft ?? secondsTo(trend[resource], target);
        return value === undefined ? [] : [{ labels: { pool: trend.pool, resource, target }, value }];
      }),
    ),
  );
}

function secondsTo(trend: SpaceTrend | undefined, target: Target): number | undefined {
  return target === 'full' ? trend?.secondsToFull : trend?.secondsToMinimumFree;
}
