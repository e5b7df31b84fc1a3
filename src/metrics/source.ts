import { type Host, poolEvents } from '../model/host.ts';
import type { HostMetric, Sample } from '../model/metric.ts';
import { failureReasons, type SourceState } from '../model/source-state.ts';
import { secondMs } from '../model/units.ts';
import { sample, type Value } from './helpers.ts';

function perSource(
  name: HostMetric['name'],
  type: HostMetric['type'],
  help: string,
  value: (source: SourceState, host: Host) => Value,
): HostMetric {
  const samples = (host: Host) =>
    inUse(host).flatMap((source) => sample({ source: source.name }, value(source, host)));
  return { name, help, type, labels: ['source'], samples };
}

function inUse(host: Host): readonly SourceState[] {
  return host.sources.filter((source) => source.mode !== 'off');
}

const inSeconds = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : ms / secondMs;

const statuses = ['ok', 'absent', 'failed', 'held', 'pending'] as const;

/** Metrics about the exporter's own queries. */
export const sourceMetrics: readonly HostMetric[] = [
  perSource(
    'thinpool_source_up',
    'gauge',
    '1 if the latest queries of the collector succeeded or there is nothing to read on this host, 0 if one failed, is overdue or is blocked.',
    (source) => (source.status === 'ok' || source.status === 'absent') && source.heldBack === undefined,
  ),
  {
    name: 'thinpool_source_status',
    help: 'Collector status as a state set: 1 for the current status, 0 for the others; absent means there is nothing to read on this host, held means its queries are blocked because they could do harm.',
    type: 'gauge',
    labels: ['source', 'status'],
    samples: (host) =>
      inUse(host).flatMap((source) =>
        statuses.map(
          (status): Sample => ({
            labels: { source: source.name, status },
            value: Number(source.status === status),
          }),
        ),
      ),
  },
  perSource(
    'thinpool_source_last_success_timestamp_seconds',
    'gauge',
    'Unix time of the oldest data this collector currently serves; absent before its first success.',
    (source) => inSeconds(source.lastSuccessAt),
  ),
  perSource(
    'thinpool_source_duration_seconds',
    'gauge',
    'Duration of the slowest of the latest queries of the collector; absent before its first query has finished.',
    (source) => inSeconds(source.lastDurationMs),
  ),
  perSource(
    'thinpool_source_interval_seconds',
    'gauge',
    'Configured polling interval of the collector.',
    (source) => source.intervalMs / secondMs,
  ),
  perSource(
    'thinpool_source_stuck_seconds',
    'gauge',
    'Age of the oldest overdue command of the collector that is still alive (unkillable, or waiting for a hung daemon); 0 if there is none.',
    (source, host) =>
      source.stuckSince === undefined ? 0 : Math.max(0, host.takenAt - source.stuckSince) / secondMs,
  ),
  perSource(
    'thinpool_source_stuck_commands',
    'gauge',
    'Number of overdue commands of the collector that are still alive.',
    (source) => source.questions.filter((question) => question.stuckSince !== undefined).length,
  ),
  perSource(
    'thinpool_source_held_back',
    'gauge',
    '1 while queries of the collector are blocked because a pool is sick and they could do harm, 0 otherwise.',
    (source) => source.heldBack !== undefined,
  ),
  {
    name: 'thinpool_source_note_info',
    help: 'Decision about the variant of a query, such as whether LVM is queried for seg_monitor, always 1.',
    type: 'gauge',
    labels: ['source', 'question', 'note'],
    samples: (host) =>
      inUse(host).flatMap((source) =>
        source.questions.flatMap(({ key, note }): Sample[] =>
          note === undefined ? [] : [{ labels: { source: source.name, question: key, note }, value: 1 }],
        ),
      ),
  },
  perSource(
    'thinpool_source_readings_total',
    'counter',
    'Number of finished queries, including failed ones.',
    (source) => source.readings,
  ),
  perSource(
    'thinpool_source_timeouts_total',
    'counter',
    'Number of queries that exceeded their timeout.',
    (source) => source.failures['timed-out'],
  ),
  {
    name: 'thinpool_source_failures_total',
    help: 'Number of failed queries by reason.',
    type: 'counter',
    labels: ['source', 'reason'],
    samples: (host) =>
      inUse(host).flatMap((source) =>
        failureReasons.map(
          (reason): Sample => ({ labels: { source: source.name, reason }, value: source.failures[reason] }),
        ),
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
    help: 'Number of pool events that the kernel reported since the exporter started: low_water (low water mark hit), mode (mode changed) or resize (data or metadata extended).',
    type: 'counter',
    labels: ['event'],
    samples: ({ events }) =>
      events === undefined
        ? []
        : poolEvents.map((event) => ({ labels: { event }, value: events.seen[event] })),
  },
];
