import type { KernelSettingName } from '../model/facts.ts';
import type { HostMetric } from '../model/metric.ts';
import { secondMs } from '../model/units.ts';
import { poolGauges, reduced, sample } from './helpers.ts';

function setting(
  name: HostMetric['name'],
  key: KernelSettingName,
  type: HostMetric['type'],
  help: string,
): HostMetric {
  return {
    name,
    help,
    type,
    labels: [],
    essential: 'none',
    samples: (host) =>
      host.kernelSettings.filter((entry) => entry.name === key).map(({ value }) => ({ labels: {}, value })),
  };
}

/** Metrics from kernel settings, the devices under pools and the kernel log. */
export const kernelMetrics: readonly HostMetric[] = [
  setting(
    'thinpool_no_space_timeout_seconds',
    'no_space_timeout_seconds',
    'gauge',
    'How long a full pool queues writes before it fails them, for all pools; 0 means indefinitely.',
  ),
  setting(
    'thinpool_kernel_hung_tasks_total',
    'hung_task_detect_count',
    'counter',
    'Number of hung tasks of any kind that the kernel has detected since boot.',
  ),
  reduced(
    'detailed-volumes',
    poolGauges(
      'thinpool_volume_xfs_enospc_max_retries',
      'Number of times XFS on the volume retries a metadata write that fails with ENOSPC; -1 means indefinitely, which hangs.',
      ['volume'],
      (pool) =>
        pool.retryPolicies.flatMap(({ volume, enospcMaxRetries }) => sample({ volume }, enospcMaxRetries)),
    ),
  ),
  poolGauges(
    'thinpool_backing_file_system_free_bytes',
    "Free space (available to root) of the file system that holds the pool's loop file.",
    ['resource', 'file'],
    (pool) =>
      pool.backing.flatMap(({ resource, file, fileSystem }) =>
        sample({ resource, file }, fileSystem?.freeBytes),
      ),
  ),
  reduced(
    'none',
    poolGauges(
      'thinpool_stack_device_info',
      'Devices under the pool, as lsblk shows them, always 1.',
      ['resource', 'depth', 'device', 'name'],
      (pool) =>
        pool.stack.map(({ resource, depth, device, name }) => ({
          labels: { resource, depth: String(depth), device, name: name ?? '' },
          value: 1,
        })),
    ),
  ),
  {
    name: 'thinpool_kernel_messages_total',
    help: 'Number of kernel messages since boot about the pool, the file systems on its volumes or the devices under it, as far back as the kernel log buffer reached.',
    type: 'counter',
    labels: ['pool', 'kind'],
    samples: (host) =>
      host.pools.flatMap((pool) =>
        pool.kernelEvents.map(({ kind, count }) => ({ labels: { pool: pool.name, kind }, value: count })),
      ),
  },
  {
    name: 'thinpool_kernel_message_last_timestamp_seconds',
    help: 'Unix time of the latest kernel message of this kind about the pool.',
    type: 'gauge',
    labels: ['pool', 'kind'],
    samples: (host) =>
      host.pools.flatMap((pool) =>
        pool.kernelEvents.map(({ kind, lastAt }) => ({
          labels: { pool: pool.name, kind },
          value: lastAt / secondMs,
        })),
      ),
  },
  {
    name: 'thinpool_kernel_unassigned_messages_total',
    help: 'Kernel messages about a pool that do not say about which one, while it can be any of several, or none is there.',
    type: 'counter',
    labels: ['kind'],
    samples: (host) => host.unassignedEvents.map(({ kind, count }) => ({ labels: { kind }, value: count })),
  },
  {
    name: 'thinpool_kernel_storage_hung_tasks_total',
    help: 'Number of reports since boot of a task blocked in thin pool, file system or block I/O, as far back as the kernel log buffer reached.',
    type: 'counter',
    labels: [],
    samples: ({ kernelEvents }) => {
      const counts = kernelEvents.filter(({ kind }) => kind === 'hung_task').map(({ count }) => count);
      return counts.length === 0
        ? []
        : [{ labels: {}, value: counts.reduce((sum, count) => sum + count, 0) }];
    },
  },
];
