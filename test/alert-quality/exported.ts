import { type Resource, resources } from '../../src/model/pool.ts';
import { findingsOf } from './findings.ts';
import type { History } from './history.ts';

export type Labels = Readonly<Record<string, string>>;

/** A time series as the exporter shows it, at a step of the simulation; undefined where it is not shown. */
export interface Exported {
  readonly labels: Labels;
  readonly at: (index: number) => number | undefined;
}

type Export = (history: History) => readonly Exported[];

const pool = 'vg-pool';
const vg = 'vg';
const modes = ['rw', 'ro', 'out_of_data_space', 'fail', 'error'] as const;

const constant = (value: number, labels: Labels = { pool }): readonly Exported[] => [
  { labels, at: () => value },
];

const spaceOf =
  (resource: Resource, of: (used: number, size: number) => number): Export =>
  ({ course }) => {
    const { used, size } = course.tracks[resource];
    return [{ labels: { pool }, at: (index) => of(used[index]!, size[index]!) }];
  };

function modeAt({ course: { tracks } }: History, index: number): (typeof modes)[number] {
  const isFull = (resource: Resource): boolean =>
    tracks[resource].used[index]! >= tracks[resource].size[index]!;
  return isFull('metadata') ? 'ro' : isFull('data') ? 'out_of_data_space' : 'rw';
}

const extensionsOf =
  (resource: Resource): Export =>
  ({ course, disturbances }) => [
    {
      labels: { pool },
      at: (index) => {
        const now = (index + 1) * course.step;
        // The exporter counts from its own start.
        const since = Math.max(
          0,
          ...disturbances.filter(({ kind, to }) => kind === 'restart' && to <= now).map(({ to }) => to),
        );
        return course.extended[resource].filter((at) => at > since && at <= now).length;
      },
    },
  ];

const ifExtended =
  (
    export_: (history: History, policy: NonNullable<History['plan']['autoextend']>) => readonly Exported[],
  ): Export =>
  (history) =>
    history.plan.autoextend === undefined ? [] : export_(history, history.plan.autoextend);

const neededAt = ({ course, plan }: History, index: number): number =>
  (course.tracks.data.size[index]! * (plan.autoextend?.stepPercent ?? 0)) / 100;

const spaces = Object.fromEntries(
  resources.flatMap((resource) => [
    [`thinpool_${resource}_used_bytes`, spaceOf(resource, (used) => used)],
    [`thinpool_${resource}_size_bytes`, spaceOf(resource, (_, size) => size)],
    [`thinpool_${resource}_free_bytes`, spaceOf(resource, (used, size) => size - used)],
    [`thinpool_${resource}_available_bytes`, spaceOf(resource, (used, size) => size - used)],
    [`thinpool_${resource}_extensions_total`, extensionsOf(resource)],
  ]),
) as Record<string, Export>;

/** What the exporter exports about a pool and rules may query: metric by metric as in docs/reference/metrics.md. */
export const exports_: Readonly<Record<string, Export>> = {
  ...spaces,
  thinpool_info: () =>
    constant(1, {
      pool,
      dm_name: `${pool}-tpool`,
      uuid: 'LVM-x-tpool',
      vg,
      lv: 'pool',
      owner: 'lvm',
      discard: 'passdown',
    }),
  thinpool_up: () => constant(1),
  thinpool_needs_check: () => constant(0),
  thinpool_suspended: () => constant(0),
  thinpool_volumes: () => constant(12),
  thinpool_volumes_not_exported: () => constant(0),
  thinpool_block_size_bytes: () => constant(64 * 1024),
  thinpool_provisioned_bytes: spaceOf('data', (_, size) => 2 * size),
  thinpool_overcommit_ratio: () => constant(2),
  thinpool_queue_if_no_space_configured: () => constant(1),
  thinpool_collector_up: () => constant(1, { collector: 'pools' }),
  thinpool_collector_stuck_seconds: () => constant(0, { collector: 'pools' }),
  thinpool_collector_interval_seconds: () => constant(5, { collector: 'pools' }),
  thinpool_collector_last_success_timestamp_seconds: ({ course }) => [
    { labels: { collector: 'pools' }, at: (index) => (index + 1) * course.step },
  ],
  thinpool_status_timestamp_seconds: ({ course }) => [
    { labels: { pool }, at: (index) => (index + 1) * course.step },
  ],
  thinpool_mode: (history) =>
    modes.map((mode) => ({
      labels: { pool, mode },
      at: (index) => Number(modeAt(history, index) === mode),
    })),
  thinpool_minimum_free_bytes: ({ course, plan }) =>
    plan.minimumFreePercent === 0
      ? []
      : resources.map((resource) => ({
          labels: { pool, resource, origin: resource === 'data' ? 'docker' : 'derived' },
          at: (index) => (plan.minimumFreePercent / 100) * course.tracks[resource].size[index]!,
        })),
  thinpool_lvm_monitored: ifExtended(() => constant(1)),
  thinpool_lvm_autoextend_threshold_ratio: ifExtended((_, { thresholdPercent }) =>
    constant(thresholdPercent / 100),
  ),
  thinpool_lvm_autoextend_step_ratio: ifExtended((_, { stepPercent }) => constant(stepPercent / 100)),
  thinpool_lvm_autoextend_needed_bytes: ifExtended((history) => [
    { labels: { pool, resource: 'data' }, at: (index) => neededAt(history, index) },
  ]),
  thinpool_lvm_autoextend_shortfall_bytes: ifExtended((history) => [
    {
      labels: { pool, resource: 'data' },
      at: (index) => Math.max(0, neededAt(history, index) - history.course.vgFree[index]!),
    },
  ]),
  thinpool_vg_free_bytes: ifExtended(({ course }) => [
    { labels: { vg }, at: (index) => course.vgFree[index]! },
  ]),
  thinpool_finding: ({ plan, course }) =>
    findingsOf(plan, course).map(({ code, severity, resource, reported }) => ({
      labels: { code, severity, pool, resource },
      at: (index) => (reported[index] === 1 ? 1 : undefined),
    })),
};
