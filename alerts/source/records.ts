import type { Target, WindowName } from '../../src/alerting/stages.ts';
import { thresholds } from '../../src/alerting/thresholds.ts';
import { type Resource, resources } from '../../src/model/pool.ts';
import { range } from './promql.ts';
import type { Recording } from './rule.ts';

/** What a pool has left: to the end of space, and to the floor that Docker keeps. */
export const spaceRecords: readonly Recording[] = resources.flatMap((resource) => [
  {
    record: 'thinpool:left_bytes',
    help: 'Space left until full, or until the floor; 0 at it and beyond.',
    expr: `thinpool_${resource}_available_bytes`,
    labels: { resource, target: 'full' },
  },
  {
    record: 'thinpool:left_bytes',
    help: 'The same.',
    // Docker compares the pool's own free blocks, whatever the file system under a loop file has.
    expr: `clamp_min(
  thinpool_${resource}_free_bytes
  - ignoring (resource)
  max without (origin) (thinpool_minimum_free_bytes{resource="${resource}"}),
  0
)`,
    labels: { resource, target: 'floor' },
  },
  {
    record: 'thinpool:left_ratio',
    help: 'The same as a share of the size of the pool.',
    expr: `thinpool:left_bytes{resource="${resource}"} / ignoring (resource, target) group_left () thinpool_${resource}_size_bytes`,
    labels: { resource },
  },
]);

/**
 * Pools that LVM is about to extend: it watches them, the VG has room for the next step, and they have not gone past the
 * threshold without being extended. Nobody is called for them yet.
 */
export const autoextendRecords: readonly Recording[] = resources.map((resource) => ({
  record: 'thinpool:extends_itself',
  help: 'There while LVM will extend the pool in time, as far as one can know.',
  expr: `thinpool_lvm_autoextend_shortfall_bytes{resource="${resource}"} == 0
and ignoring (resource) thinpool_lvm_monitored == 1
and ignoring (resource) thinpool_lvm_autoextend_threshold_ratio < 1
and ignoring (resource) (
  thinpool_${resource}_used_bytes / thinpool_${resource}_size_bytes
    - thinpool_lvm_autoextend_threshold_ratio < ${thresholds.autoextendGrace.value}
)`,
  labels: { resource },
}));

/**
 * Used now over the least that was used in the window, spread over the whole window. Unlike a fit it is never more than
 * what was really written, a window that is not filled yet makes it less and not more, and as it is about used space,
 * making a pool larger does not hide it.
 */
export function growthRecords(windows: readonly WindowName[]): Recording[] {
  return resources.flatMap((resource) =>
    windows.map((name) => ({
      record: 'thinpool:growth_bytes_per_second' as const,
      help: 'By how much more is used than the least in the window, over the window.',
      expr: `(
  thinpool_${resource}_used_bytes
  - min_over_time(thinpool_${resource}_used_bytes[${range(name)}])
) / ${thresholds[name].value}`,
      labels: { resource, window: range(name) },
    })),
  );
}

export const burstRecords: readonly Recording[] = [
  {
    record: 'thinpool:growth_bytes_per_second:max5m',
    help: 'The fastest growth of the last minutes.',
    expr: `max_over_time(thinpool:growth_bytes_per_second{window="${range('steadyWindow')}"}[${range('fastWindow')}])`,
  },
  {
    record: 'thinpool:growth_bytes_per_second:max',
    help: 'The fastest growth of the last days.',
    expr: `max_over_time(thinpool:growth_bytes_per_second:max5m[${range('burstMemory')}])`,
  },
];

/** Few series over all hosts, so that an overview of a thousand is one query. */
export const fleetRecords: readonly Recording[] = [
  { record: 'thinpool_fleet:pools', help: 'Pools that are watched.', expr: 'count(thinpool_up)' },
  {
    record: 'thinpool_fleet:hosts',
    help: 'Exporters that answer.',
    expr: 'count(thinpool_exporter_build_info)',
  },
  {
    record: 'thinpool_fleet:size_bytes',
    help: 'Space of all pools.',
    expr: 'sum(thinpool_data_size_bytes)',
    labels: { resource: 'data' },
  },
  {
    record: 'thinpool_fleet:used_bytes',
    help: 'Used space of all pools.',
    expr: 'sum(thinpool_data_used_bytes)',
    labels: { resource: 'data' },
  },
  {
    record: 'thinpool_fleet:findings',
    help: 'Findings by code and severity.',
    expr: 'count by (code, severity) (thinpool_finding)',
  },
  {
    record: 'thinpool_fleet:hosts_with_findings',
    help: 'Hosts that have a finding, by severity.',
    expr: 'count by (severity) (group by (instance, severity) (thinpool_finding))',
  },
  {
    record: 'thinpool_fleet:fullest_left_ratio',
    help: 'The pools that have the least left.',
    expr: 'bottomk by (resource, target) (20, thinpool:left_ratio)',
  },
];

/** What is left of which resource, to which target. */
export interface Distance {
  readonly resource?: Resource;
  readonly target: Target;
}

export function leftBytes(of: Distance): string {
  return `thinpool:left_bytes{${matchers(of)}}`;
}

export function leftRatio(of: Distance): string {
  return `thinpool:left_ratio{${matchers(of)}}`;
}

function matchers({ resource, target }: Distance): string {
  return `${resource === undefined ? '' : `resource="${resource}",`}target="${target}"`;
}

export function growth(window: WindowName): string {
  return `thinpool:growth_bytes_per_second{window="${range(window)}"}`;
}
