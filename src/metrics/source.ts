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

/** The state of the collectors. */
export const sourceMetrics: readonly HostMetric[] = [
  perSource(
    'thinpool_source_up',
    'gauge',
    '1 if the latest readings of the source worked, or there is nothing on this host to read; 0 if one failed, is overdue, or is held back.',
    (source) => (source.status === 'ok' || source.status === 'absent') && source.heldBack === undefined,
  ),
  {
    name: 'thinpool_source_status',
    help: 'State set of a source. absent: what it reads is not on this host. held: not asked now, because asking would do harm.',
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
    "Unix time of the source's oldest latest success: no fact of it is older.",
    (source) => inSeconds(source.lastSuccessAt),
  ),
  perSource(
    'thinpool_source_duration_seconds',
    'gauge',
    "Longest of the source's latest readings.",
    (source) => inSeconds(source.lastDurationMs),
  ),
  perSource(
    'thinpool_source_interval_seconds',
    'gauge',
    'Configured pace of the source.',
    (source) => source.intervalMs / secondMs,
  ),
  perSource(
    'thinpool_source_stuck_seconds',
    'gauge',
    'How long the longest overdue command of the source has been alive; 0 if there is none. It cannot be killed, or waits for a daemon that hangs.',
    (source, host) =>
      source.stuckSince === undefined ? 0 : Math.max(0, host.takenAt - source.stuckSince) / secondMs,
  ),
  perSource(
    'thinpool_source_stuck_commands',
    'gauge',
    'Overdue commands of the source that are still alive.',
    (source) => source.questions.filter((question) => question.stuckSince !== undefined).length,
  ),
  perSource(
    'thinpool_source_held_back',
    'gauge',
    '1 while readings of the source are held back, because a pool is sick and they could do harm.',
    (source) => source.heldBack !== undefined,
  ),
  {
    name: 'thinpool_source_note_info',
    help: 'What was decided about how to ask, such as whether LVM was asked for seg_monitor. Always 1.',
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
    'Finished readings, failed ones included.',
    (source) => source.readings,
  ),
  perSource(
    'thinpool_source_timeouts_total',
    'counter',
    'Readings that did not end by their deadline.',
    (source) => source.failures['timed-out'],
  ),
  {
    name: 'thinpool_source_failures_total',
    help: 'Failed readings by reason.',
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
    help: '1 while the kernel log can be read for events of pools, which wake a reading; 0 while pools are read at their intervals only. Absent where the options want no events.',
    type: 'gauge',
    labels: [],
    samples: ({ events }) => (events === undefined ? [] : sample({}, events.failure === undefined)),
  },
  {
    name: 'thinpool_events_total',
    help: 'Events of pools that the kernel told of since the exporter started. low_water: a low water mark was reached; mode: the mode changed; resize: data or metadata grew.',
    type: 'counter',
    labels: ['event'],
    samples: ({ events }) =>
      events === undefined
        ? []
        : poolEvents.map((event) => ({ labels: { event }, value: events.seen[event] })),
  },
];
