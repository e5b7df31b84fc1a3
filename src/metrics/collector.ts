import { type CollectorState, failureReasons } from '../model/collector-state.ts';
import { type Host, poolEvents } from '../model/host.ts';
import type { HostMetric, Sample } from '../model/metric.ts';
import { secondMs } from '../model/units.ts';
import { reduced, sample, type Value } from './helpers.ts';

function perCollector(
  name: HostMetric['name'],
  type: HostMetric['type'],
  help: string,
  value: (collector: CollectorState, host: Host) => Value,
): HostMetric {
  const samples = (host: Host) =>
    inUse(host).flatMap((collector) => sample({ collector: collector.name }, value(collector, host)));
  return { name, help, type, labels: ['collector'], samples };
}

function inUse(host: Host): readonly CollectorState[] {
  return host.collectors.filter((collector) => collector.mode !== 'off');
}

const inSeconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : ms / secondMs;

const statuses = ['ok', 'absent', 'failed', 'blocked', 'pending'] as const;

/** Metrics about the exporter's own queries. */
export const collectorMetrics: readonly HostMetric[] = [
  reduced(
    'present',
    perCollector(
      'thinpool_collector_up',
      'gauge',
      '1 if the latest queries of the collector succeeded or there is nothing to read on this host, 0 if one failed, is overdue or is blocked.',
      (collector) =>
        (collector.status === 'ok' || collector.status === 'absent') && collector.blocked === undefined,
    ),
  ),
  {
    name: 'thinpool_collector_status',
    essential: 'not-ok',
    help: 'Collector status as a state set: 1 for the current status, 0 for the others; absent means there is nothing to read on this host, blocked means its queries are not run because they could do harm.',
    type: 'gauge',
    labels: ['collector', 'status'],
    samples: (host) =>
      inUse(host).flatMap((collector) =>
        statuses.map(
          (status): Sample => ({
            labels: { collector: collector.name, status },
            value: Number(collector.status === status),
          }),
        ),
      ),
  },
  reduced(
    'present',
    perCollector(
      'thinpool_collector_last_success_timestamp_seconds',
      'gauge',
      'Unix time of the oldest data this collector currently serves; absent before its first success.',
      (collector) => inSeconds(collector.lastSuccessAt),
    ),
  ),
  reduced(
    'slow',
    perCollector(
      'thinpool_collector_duration_seconds',
      'gauge',
      'Duration of the slowest of the latest queries of the collector; absent before its first query has finished.',
      (collector) => inSeconds(collector.lastDurationMs),
    ),
  ),
  reduced(
    'none',
    perCollector(
      'thinpool_collector_interval_seconds',
      'gauge',
      'Configured polling interval of the collector.',
      (collector) => collector.intervalMs / secondMs,
    ),
  ),
  reduced(
    'not-zero',
    perCollector(
      'thinpool_collector_stuck_seconds',
      'gauge',
      'Age of the oldest overdue command of the collector that is still alive (unkillable, or waiting for a hung daemon); 0 if there is none.',
      (collector, host) =>
        collector.stuckSince === undefined ? 0 : Math.max(0, host.takenAt - collector.stuckSince) / secondMs,
    ),
  ),
  reduced(
    'not-zero',
    perCollector(
      'thinpool_collector_stuck_commands',
      'gauge',
      'Number of overdue commands of the collector that are still alive.',
      (collector) => collector.queries.filter((query) => query.stuckSince !== undefined).length,
    ),
  ),
  reduced(
    'not-zero',
    perCollector(
      'thinpool_collector_blocked',
      'gauge',
      '1 while queries of the collector are blocked because a pool is sick and they could do harm, 0 otherwise.',
      (collector) => collector.blocked !== undefined,
    ),
  ),
  {
    name: 'thinpool_collector_note_info',
    help: 'Decision about the variant of a query, such as whether LVM is queried for seg_monitor, always 1.',
    type: 'gauge',
    labels: ['collector', 'query', 'note'],
    samples: (host) =>
      inUse(host).flatMap((collector) =>
        collector.queries.flatMap(({ key, note }): Sample[] =>
          note === undefined ? [] : [{ labels: { collector: collector.name, query: key, note }, value: 1 }],
        ),
      ),
  },
  reduced(
    'none',
    perCollector(
      'thinpool_collector_queries_total',
      'counter',
      'Number of finished queries, including failed ones.',
      (collector) => collector.finishedQueries,
    ),
  ),
  reduced(
    'none',
    perCollector(
      'thinpool_collector_timeouts_total',
      'counter',
      'Number of queries that exceeded their timeout.',
      (collector) => collector.failures['timed-out'],
    ),
  ),
  {
    name: 'thinpool_collector_failures_total',
    essential: 'not-zero',
    help: 'Number of failed queries by reason.',
    type: 'counter',
    labels: ['collector', 'reason'],
    samples: (host) =>
      inUse(host).flatMap((collector) =>
        failureReasons.map(
          (reason): Sample => ({
            labels: { collector: collector.name, reason },
            value: collector.failures[reason],
          }),
        ),
      ),
  },
  {
    name: 'thinpool_collector_unreadable_records',
    help: 'Records, such as one LV or one device, that could not be read in the latest outputs of a collector and were left out; absent if everything was read.',
    type: 'gauge',
    labels: ['collector'],
    samples: ({ unreadable }) =>
      [...new Set(unreadable.map(({ collector }) => collector))].map(
        (collector): Sample => ({
          labels: { collector },
          value: unreadable.filter((one) => one.collector === collector).length,
        }),
      ),
  },
  {
    name: 'thinpool_events_up',
    help: '1 while kernel events of pools can be read and trigger immediate polls, 0 while pools are only polled at their intervals; absent if events are disabled.',
    type: 'gauge',
    labels: [],
    samples: ({ events }) => (events === undefined ? [] : sample({}, events.failure === undefined)),
  },
  {
    name: 'thinpool_events_total',
    essential: 'none',
    help: 'Number of pool events that the kernel reported since the exporter started: low_water (low water mark hit), mode (mode changed) or resize (data or metadata extended).',
    type: 'counter',
    labels: ['event'],
    samples: ({ events }) =>
      events === undefined
        ? []
        : poolEvents.map((event) => ({ labels: { event }, value: events.seen[event] })),
  },
];
