import type { Labels, Metric, Sample } from '../model/metric.ts';
import { postOutcomes } from '../model/notifier-state.ts';
import type { DeliveryState, NotifyState, ReceiverState } from '../model/notify-state.ts';
import { secondMs } from '../model/units.ts';
import { sample } from './helpers.ts';

/** Metrics of notifications and the heartbeat; only with --notify.config.file or --notify.heartbeat.url-file. */
export const notifyMetrics: readonly Metric<NotifyState>[] = [
  {
    name: 'thinpool_notify_posts_total',
    help: 'Number of requests to a receiver of notifications by outcome.',
    type: 'counter',
    labels: ['receiver', 'outcome'],
    samples: perReceiver((receiver, labels) => outcomes(receiver, labels)),
  },
  {
    name: 'thinpool_notify_queue_length',
    help: 'Number of notifications that a receiver has not accepted yet.',
    type: 'gauge',
    labels: ['receiver'],
    samples: perReceiver(({ queued }, labels) => sample(labels, queued)),
  },
  {
    name: 'thinpool_notify_dropped_total',
    help: 'Number of notifications that were given up: refused for their content, older than a day, or too many.',
    type: 'counter',
    labels: ['receiver'],
    samples: perReceiver(({ dropped }, labels) => sample(labels, dropped)),
  },
  {
    name: 'thinpool_notify_last_success_timestamp_seconds',
    help: 'Unix time of the latest notification that a receiver accepted; absent before the first one.',
    type: 'gauge',
    labels: ['receiver'],
    samples: perReceiver(({ lastSuccessAt }, labels) => seconds(labels, lastSuccessAt)),
  },
  {
    name: 'thinpool_notify_failing_since_timestamp_seconds',
    help: 'Unix time of the first of the failures in a row to send to a receiver; absent while it accepts notifications.',
    type: 'gauge',
    labels: ['receiver'],
    samples: perReceiver(({ failingSince }, labels) => seconds(labels, failingSince)),
  },
  {
    name: 'thinpool_notify_alerts',
    help: 'Number of alerts that were sent to a receiver and have not ended.',
    type: 'gauge',
    labels: [],
    samples: ({ notifier }) => sample({}, notifier?.alerts),
  },
  {
    name: 'thinpool_notify_queue_writable',
    help: '1 if the queue of notifications is written to its file, 0 while it cannot be; absent without --notify.config.file.',
    type: 'gauge',
    labels: [],
    samples: ({ notifier }) => sample({}, notifier && (notifier.queueFailure === undefined ? 1 : 0)),
  },
  {
    name: 'thinpool_notify_config_last_reload_successful',
    help: '1 if the last load of the file of receivers succeeded, 0 while an older one is in use; absent without --notify.config.file.',
    type: 'gauge',
    labels: [],
    samples: ({ notifier }) => sample({}, notifier && (notifier.lastReloadWorked ? 1 : 0)),
  },
  {
    name: 'thinpool_notify_heartbeats_total',
    help: 'Number of requests to the heartbeat service by outcome; absent without --notify.heartbeat.url-file.',
    type: 'counter',
    labels: ['outcome'],
    samples: ({ heartbeat }) => (heartbeat === undefined ? [] : outcomes(heartbeat, {})),
  },
  {
    name: 'thinpool_notify_heartbeat_last_success_timestamp_seconds',
    help: 'Unix time of the latest request that the heartbeat service accepted; absent before the first one.',
    type: 'gauge',
    labels: [],
    samples: ({ heartbeat }) => seconds({}, heartbeat?.lastSuccessAt),
  },
];

function outcomes({ posts }: DeliveryState, labels: Labels): readonly Sample[] {
  return postOutcomes.map((outcome) => ({ labels: { ...labels, outcome }, value: posts[outcome] }));
}

function seconds(labels: Labels, ms: number | undefined): readonly Sample[] {
  return sample(labels, ms === undefined ? undefined : ms / secondMs);
}

function perReceiver(
  samplesOf: (receiver: ReceiverState, labels: Labels) => readonly Sample[],
): (state: NotifyState) => readonly Sample[] {
  return ({ notifier }) =>
    (notifier?.receivers ?? []).flatMap((receiver) => samplesOf(receiver, { receiver: receiver.name }));
}
