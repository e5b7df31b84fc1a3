import { collectors } from '../../../src/collectors/index.ts';
import { type FailureReason, failureReasons } from '../../../src/model/collector-state.ts';
import { presences, resources } from '../../../src/model/pool.ts';

/** When the history ends, and what it covers before. */
export const endsAt = Date.UTC(2026, 0, 15, 12) / 1000;
export const lasts = 7200;
export const stepSeconds = 30;

type Labels = Readonly<Record<string, string>>;

/** A metric over time: `at` gets the seconds since the beginning, and gives nothing where there is no sample. */
export interface Series {
  readonly name: string;
  readonly labels: Labels;
  readonly at: (second: number) => number | undefined;
}

interface Place {
  readonly instance: string;
  readonly pools: readonly string[];
  /** Answers no more from then on. */
  readonly silentFrom?: number;
}

/** Names that mean something to a regular expression are escaped, or not found. */
export const places: readonly Place[] = [
  { instance: 'a.example:10058', pools: ['docker-thinpool', 'vg0-vms'] },
  { instance: '[::1]:10058', pools: ['a+b.c'] },
  { instance: 'gone.example:10058', pools: ['docker-thinpool'], silentFrom: lasts - 600 },
];

const gib = 2 ** 30;
const size = { data: 100 * gib, metadata: gib / 4 } as const;
const used = {
  // Rises to the end, faster in the last ten minutes, and stays below full.
  data: (second: number) => gib * (40 + second / 180 + Math.max(0, second - 6600) / 60),
  metadata: (second: number) => (gib / 4) * (0.2 + second / 10_000),
} as const;
/** The share of each volume, and what people call it. */
const volumes = {
  'vg0-web': [0.3, { kind: 'lvm', known_as: 'vg0/web', image: '', owner: 'libvirt', name: 'web' }],
  'vg0-db': [0.55, { kind: 'lvm', known_as: 'vg0/db', image: '' }],
  'docker-8:1-1315-3f1c9be2a75d': [0.1, { kind: 'docker-container', known_as: 'shop', image: 'nginx:1' }],
} as const;

/** Bytes per second of `used`. */
const growth = {
  data: (second: number) => gib * (1 / 180 + (second > 6600 ? 1 / 60 : 0)),
  metadata: () => gib / 4 / 10_000,
} as const;
/** A pool that can take no more, as the disk of its loop file is full. */
const stuffed = 'a+b.c';
/** A pool that does not grow, as its exporter says. */
const calm = 'vg0-vms';

const always = (value: number) => () => value;
/** Goes through values, each for a while, and stays at the last. */
const inTurn =
  (seconds: number, ...values: readonly number[]) =>
  (second: number) =>
    values[Math.min(values.length - 1, Math.floor(second / seconds))];
const isLate = (second: number): boolean => second > lasts - 60;
const unixTime = (second: number): number => endsAt - lasts + second;
/** The clock of the hosts is ahead of the clock of Prometheus. */
const hostTime = (second: number): number => unixTime(second) + 300;

/** One pool that has been through every state, and whose query hangs at the end. */
function poolSeries(pool: string): Series[] {
  const of = (name: string, at: Series['at'], labels: Labels = {}): Series => ({
    name: `thinpool_${name}`,
    labels: { pool, ...labels },
    at,
  });
  const modes = ['rw', 'out_of_data_space', 'ro', 'fail', 'error'];
  const finding = { resource: 'data', collector: '', vg: '' };
  const findings = [
    { ...finding, code: 'below-minimum-free', severity: 'critical' },
    { ...finding, code: 'autoextend-no-room', severity: 'warning', vg: 'vg0' },
    { ...finding, code: 'overcommitted-without-reserve', severity: 'info' },
  ];
  return [
    of('info', always(1), { vg: 'vg0', lv: pool, owner: 'lvm' }),
    of('up', (second) => (isLate(second) ? 0 : 1)),
    of('status_timestamp_seconds', (second) => hostTime(Math.min(second, lasts - 60)) - 1),
    ...resources.flatMap((resource) => {
      const free = (second: number): number => size[resource] - used[resource](second);
      return [
        of(`${resource}_size_bytes`, always(size[resource])),
        of(`${resource}_used_bytes`, used[resource]),
        of(`${resource}_free_bytes`, free),
        of(`${resource}_available_bytes`, pool === stuffed ? always(0) : free),
        of('growth_bytes_per_second', pool === calm ? always(0) : growth[resource], { resource }),
        ...(pool === calm ? [] : [0, size[resource] / 10]).map((minimum, index) =>
          of(
            'time_left_seconds',
            (second: number) => Math.max(0, free(second) - minimum) / growth[resource](second),
            { resource, target: index === 0 ? 'full' : 'minimum_free' },
          ),
        ),
        of('minimum_free_bytes', always(size[resource] / 10), { resource, origin: 'docker' }),
        of('lvm_autoextend_needed_bytes', always(size[resource] / 5), { resource }),
        of('lvm_autoextend_shortfall_bytes', always(resource === 'data' ? 12 * gib : 0), { resource }),
      ];
    }),
    ...modes.map((mode, index) =>
      of('mode', inTurn(600, ...modes.map((_, turn) => Number(turn === index)), Number(index === 0)), {
        mode,
      }),
    ),
    of('needs_check', inTurn(1200, 0, 1, 0)),
    of('queue_if_no_space', inTurn(1200, 1, 0, 1)),
    of('suspended', inTurn(1200, 0, 1, 0)),
    of('lvm_monitored', inTurn(1200, 0, 1)),
    of('lvm_autoextend_threshold_ratio', always(0.8)),
    of('low_water_mark_bytes', always(size.data / 5)),
    of('metadata_low_water_mark_bytes', always(4 << 20)),
    of('overcommit_ratio', always(1.8)),
    of('provisioned_bytes', always(180 * gib)),
    of('volumes', always(3)),
    of('inactive_volumes', inTurn(3600, 0, 2)),
    of('unattributed_bytes', (second) => 0.05 * used.data(second)),
    of('volumes_not_exported', always(0)),
    ...presences.map((presence) => of('presence', always(Number(presence === 'active')), { presence })),
    ...Object.entries(volumes).flatMap(([volume, [share, names]]) => [
      of('volume_info', always(1), { volume, ...names }),
      of('volume_mapped_bytes', (second) => share * used.data(second), { volume }),
      of('volume_size_bytes', always(60 * gib), { volume }),
    ]),
    ...findings.flatMap((labels) => [
      of('finding', always(1), labels),
      of('finding_since_timestamp_seconds', always(hostTime(lasts - 1200)), labels),
    ]),
    of('finding_pending', always(1), { ...finding, code: 'nearly-full', severity: 'warning' }),
    of('kernel_messages_total', inTurn(3600, 1, 2), { kind: 'low_water_data' }),
    of('kernel_message_last_timestamp_seconds', inTurn(3600, hostTime(0), hostTime(3600)), {
      kind: 'low_water_data',
    }),
    {
      name: 'ALERTS',
      labels: {
        pool,
        alertname: 'ThinPoolBelowMinimumFree',
        alertstate: 'firing',
        severity: 'critical',
        resource: 'data',
        target: 'minimum_free',
      },
      at: always(1),
    },
  ];
}

const collectorStates = ['pending', 'ok', 'absent', 'blocked', 'failed'];

/** Each collector has been in every state; the pools' hangs at the end. */
function collectorSeries(collector: string): Series[] {
  const isStuck = (second: number): boolean => collector === 'pools' && isLate(second);
  const of = (name: string, at: Series['at'], labels: Labels = {}): Series => ({
    name: `thinpool_collector_${name}`,
    labels: { collector, ...labels },
    at,
  });
  return [
    of('up', (second) => Number(!isStuck(second))),
    of('last_success_timestamp_seconds', (second) => hostTime(isStuck(second) ? lasts - 60 : second)),
    of('duration_seconds', (second) => 0.02 + 0.01 * Math.sin(second / 300)),
    of('stuck_seconds', (second) => (isStuck(second) ? second - (lasts - 60) : 0)),
    of('stuck_commands', (second) => Number(isStuck(second))),
    of('blocked', (second) => Number(isLate(second) && collector === 'lvm')),
    of('note_info', always(1), {
      query: 'lvs',
      note: 'seg_monitor is not requested: it would start dmeventd, or wait for it',
    }),
    ...collectorStates.map((status, index) =>
      of(
        'status',
        inTurn(600, ...collectorStates.map((_, turn) => Number(turn === index)), Number(status === 'ok')),
        { status },
      ),
    ),
    ...failureReasons.map((reason: FailureReason, index) =>
      of('failures_total', (second) => (index === 0 ? Math.floor(second / 300) : 0), { reason }),
    ),
  ];
}

const exporterSeries: readonly Series[] = [
  {
    name: 'thinpool_exporter_build_info',
    labels: { version: '0.1.0', nodeversion: 'v20.19.0' },
    at: always(1),
  },
  ...['vg_free_bytes', 'vg_size_bytes'].map((name, index) => ({
    name: `thinpool_${name}`,
    labels: { vg: 'vg0' },
    at: always((8 + 192 * index) * gib),
  })),
  { name: 'process_cpu_seconds_total', labels: {}, at: (second) => second / 100 },
  { name: 'process_start_time_seconds', labels: {}, at: always(hostTime(0)) },
  { name: 'thinpool_exporter_clock_timestamp_seconds', labels: {}, at: hostTime },
  { name: 'process_resident_memory_bytes', labels: {}, at: always(90 << 20) },
  ...['0.001', '0.01', '+Inf'].map((le, index) => ({
    name: 'thinpool_exporter_event_loop_lag_seconds_bucket',
    labels: { le },
    at: (second: number) => second * (1 + index / 2),
  })),
  { name: 'scrape_duration_seconds', labels: {}, at: always(0.004) },
  {
    name: 'thinpool_finding',
    labels: {
      code: 'collector-stuck',
      severity: 'warning',
      pool: '',
      resource: '',
      collector: 'pools',
      vg: '',
    },
    at: (second) => (isLate(second) ? 1 : undefined),
  },
];

/** Another program on the same host, that does not answer, is none of ours. */
const others: readonly Series[] = [
  { name: 'up', labels: { job: 'node', instance: 'a.example:9100' }, at: always(0) },
  {
    name: 'process_resident_memory_bytes',
    labels: { job: 'node', instance: 'a.example:10058' },
    at: always(1 << 40),
  },
];

export function allSeries(): readonly Series[] {
  const ours = places.flatMap(({ instance, pools, silentFrom = Number.POSITIVE_INFINITY }) => {
    const target = { job: 'thinpool', instance };
    const itsOwn = [
      ...exporterSeries,
      ...pools.flatMap(poolSeries),
      ...collectors.flatMap(({ name }) => collectorSeries(name)),
    ];
    return [
      { name: 'up', labels: target, at: (second: number) => Number(second < silentFrom) },
      ...itsOwn.map(({ name, labels, at }) => ({
        name,
        labels: { ...target, ...labels },
        at: (second: number) => (second < silentFrom ? at(second) : undefined),
      })),
    ];
  });
  return [...ours, ...others];
}

/** The history as promtool takes it: sample by sample, each metric together. */
export function openMetrics(): string {
  const byName = new Map<string, Series[]>();
  for (const series of allSeries()) byName.set(series.name, [...(byName.get(series.name) ?? []), series]);
  const lines = [...byName].flatMap(([name, of]) => [`# TYPE ${name} unknown`, ...of.flatMap(samplesOf)]);
  return `${lines.join('\n')}\n# EOF\n`;
}

function samplesOf({ name, labels, at }: Series): string[] {
  const written = Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',');
  const lines: string[] = [];
  for (let second = 0; second <= lasts; second += stepSeconds) {
    const value = at(second);
    if (value !== undefined) lines.push(`${name}{${written}} ${value} ${unixTime(second)}`);
  }
  return lines;
}
