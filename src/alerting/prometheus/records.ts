import type { Target } from '../../model/finding.ts';
import { type Resource, resources } from '../../model/pool.ts';
import type { RecordedWindow } from '../../rules/stages.ts';
import { thresholds } from '../../rules/thresholds.ts';
import { range, recordedRange } from './promql.ts';
import type { Recording } from './rule.ts';

/** The space that a pool has left: until it is full, and until it reaches its minimum free space. */
export const spaceRecords: readonly Recording[] = resources.flatMap((resource) => [
  {
    record: 'thinpool:left_bytes',
    help: 'Bytes left until the pool is full, or until it reaches its minimum free space; 0 at that limit and beyond.',
    expr: `thinpool_${resource}_available_bytes`,
    labels: { resource, target: 'full' },
  },
  {
    record: 'thinpool:left_bytes',
    help: 'Bytes left until the pool reaches its minimum free space; 0 at that limit and beyond.',
    // Docker compares the free blocks of the pool, even where the file system under a loop file has less. LVM's minimum
    // begins where LVM extends the pool: a healthy pool comes to it time and again.
    expr: `clamp_min(
  thinpool_${resource}_size_bytes - thinpool_${resource}_used_bytes
  - ignoring (resource)
  max without (origin) (thinpool_minimum_free_bytes{resource="${resource}",origin!="lvm"}),
  0
)`,
    labels: { resource, target: 'minimum_free' },
  },
  {
    record: 'thinpool:left_ratio',
    help: 'thinpool:left_bytes as a share of the size of the pool.',
    expr: `thinpool:left_bytes{resource="${resource}"} / ignoring (resource, target) group_left () thinpool_${resource}_size_bytes`,
    labels: { resource },
  },
]);

/**
 * Pools that LVM is about to extend: it monitors them, the VG has space for the next step, and they are not already
 * overdue for an extension. They do not page yet.
 */
export const autoextendRecords: readonly Recording[] = resources.map((resource) => ({
  record: 'thinpool:extends_itself',
  help: 'Present while LVM is expected to extend the pool in time.',
  expr: `thinpool_lvm_autoextend_shortfall_bytes{resource="${resource}"} == 0
and ignoring (resource) thinpool_lvm_monitored == 1
and ignoring (resource) thinpool_lvm_autoextend_threshold_ratio < 1
and ignoring (resource) (
  thinpool_${resource}_used_bytes / thinpool_${resource}_size_bytes
    - thinpool_lvm_autoextend_threshold_ratio < ${thresholds.autoextendGrace.value}
)`,
  labels: { resource },
}));

/** What windows of hours read: six hours of samples every 5 s are 4,320 for each pool and evaluation. */
export const minuteRecords: readonly Recording[] = [
  ...resources.map(
    (resource): Recording => ({
      record: 'thinpool:used_bytes:min',
      help: 'Lowest usage of the last minute.',
      expr: `min_over_time(thinpool_${resource}_used_bytes[${range('recordedWindow')}])`,
      labels: { resource },
    }),
  ),
  {
    record: 'thinpool:pool_seen',
    help: 'Pools that were scraped within the last minute.',
    expr: `last_over_time(thinpool_up[${range('recordedWindow')}])`,
  },
  {
    record: 'thinpool:exporter_seen',
    help: 'Exporters that were scraped within the last minute.',
    expr: `last_over_time(thinpool_exporter_build_info[${range('recordedWindow')}])`,
  },
];

/**
 * Usage now minus the lowest usage in the window, divided by the whole window. Unlike a linear fit, it never exceeds what
 * was really written; a window that is not filled yet lowers it instead of raising it; and because it looks at used space,
 * extending the pool does not hide it.
 */
export function growthRecords(windows: readonly RecordedWindow[]): Recording[] {
  return resources.flatMap((resource) =>
    windows.map((name) => ({
      record: 'thinpool:growth_bytes_per_second' as const,
      help: 'Growth of used bytes above the lowest usage in the window, divided by the window.',
      expr: `${grownIn(name, resource)} / ${thresholds[name].value}`,
      labels: { resource, window: range(name) },
    })),
  );
}

function grownIn(name: RecordedWindow, resource: Resource): string {
  const used = `thinpool_${resource}_used_bytes`;
  if (name === 'steadyWindow')
    return `(
  ${used}
  - min_over_time(${used}[${range(name)}])
)`;
  return `(
  ${used}
  - ignoring (resource)
  min_over_time(thinpool:used_bytes:min{resource="${resource}"}[${recordedRange(name)}])
)`;
}

export const burstRecords: readonly Recording[] = [
  {
    record: 'thinpool:growth_bytes_per_second:max5m',
    help: 'Peak growth rate of the last five minutes.',
    expr: `max_over_time(thinpool:growth_bytes_per_second{window="${range('steadyWindow')}"}[${range('fastWindow')}])`,
  },
  {
    record: 'thinpool:growth_bytes_per_second:max',
    help: 'Peak growth rate of the last week.',
    expr: `max_over_time(thinpool:growth_bytes_per_second:max5m[${range('burstMemory')}])`,
  },
];

/** A few series over all hosts, so that an overview of a thousand hosts is cheap. */
export const fleetRecords: readonly Recording[] = [
  { record: 'thinpool_fleet:pools', help: 'Monitored pools.', expr: 'count by (cluster) (thinpool_up)' },
  {
    record: 'thinpool_fleet:hosts',
    help: 'Hosts whose exporter responds.',
    expr: 'count by (cluster) (thinpool_exporter_build_info)',
  },
  {
    record: 'thinpool_fleet:size_bytes',
    help: 'Total data space of all pools.',
    expr: 'sum by (cluster) (thinpool_data_size_bytes)',
    labels: { resource: 'data' },
  },
  {
    record: 'thinpool_fleet:used_bytes',
    help: 'Used data space of all pools.',
    expr: 'sum by (cluster) (thinpool_data_used_bytes)',
    labels: { resource: 'data' },
  },
  {
    record: 'thinpool_fleet:findings',
    help: 'Number of findings, by code and severity.',
    expr: 'count by (cluster, code, severity) (thinpool_finding)',
  },
  {
    record: 'thinpool_fleet:hosts_with_findings',
    help: 'Number of hosts with a finding, by severity.',
    expr: 'count by (cluster, severity) (group by (cluster, instance, severity) (thinpool_finding))',
  },
  {
    record: 'thinpool_fleet:fullest_left_ratio',
    help: 'The pools with the least space left.',
    expr: 'bottomk by (cluster, resource, target) (20, thinpool:left_ratio)',
  },
];

/** What the space left is measured for. */
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

export function growth(window: RecordedWindow): string {
  return `thinpool:growth_bytes_per_second{window="${range(window)}"}`;
}
