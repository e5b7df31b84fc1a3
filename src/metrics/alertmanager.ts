import type { Labels, Metric, Sample } from '../model/metric.ts';
import { type NotifierState, type PeerState, postOutcomes } from '../model/notifier-state.ts';
import { secondMs } from '../model/units.ts';
import { sample } from './helpers.ts';

/** Metrics of direct notifications; only with --alertmanager.url. */
export const alertmanagerMetrics: readonly Metric<NotifierState>[] = [
  {
    name: 'thinpool_alertmanager_alerts',
    help: 'Number of active alerts that are sent to Alertmanager directly.',
    type: 'gauge',
    labels: [],
    samples: ({ alerts }) => sample({}, alerts),
  },
  {
    name: 'thinpool_alertmanager_posts_total',
    help: 'Number of requests to Alertmanager by outcome; peer is its position in --alertmanager.url, starting at 1.',
    type: 'counter',
    labels: ['peer', 'outcome'],
    samples: perPeer(({ posts }, labels) =>
      postOutcomes.map((outcome): Sample => ({ labels: { ...labels, outcome }, value: posts[outcome] })),
    ),
  },
  {
    name: 'thinpool_alertmanager_last_success_timestamp_seconds',
    help: 'Unix time of the latest request that Alertmanager accepted; absent before the first one, and not updated while no alert is active.',
    type: 'gauge',
    labels: ['peer'],
    samples: perPeer(({ lastSuccessAt }, labels) =>
      sample(labels, lastSuccessAt === undefined ? undefined : lastSuccessAt / secondMs),
    ),
  },
];

function perPeer(
  samplesOf: (peer: PeerState, labels: Labels) => readonly Sample[],
): (state: NotifierState) => readonly Sample[] {
  return ({ peers }) => peers.flatMap((peer, at) => samplesOf(peer, { peer: String(at + 1) }));
}
