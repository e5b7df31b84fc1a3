import type { HostMetric } from '../model/metric.ts';
import { isActive, type Pool, presences, type Resource, resources } from '../model/pool.ts';
import { metadataBlockBytes, secondMs, sectorBytes } from '../model/units.ts';
import { isOverdue } from '../safety/lateness.ts';
import { exclusiveOf } from '../thinpool/exclusive.ts';
import { metadataBlocksWhenFull } from '../thinpool/metadata-projection.ts';
import { sizeOfPool } from '../thinpool/reported-space.ts';
import { unattributedBytes } from '../thinpool/unattributed.ts';
import { currentPools, poolGauge, poolGauges, reduced, sample } from './helpers.ts';

const modes = ['rw', 'ro', 'out_of_data_space', 'fail', 'error'] as const;

/** The mode as the kernel reports it; `fail` and `error` are its words Fail and Error, printed instead of a status. */
function modeOf(pool: Pool): (typeof modes)[number] | undefined {
  if (pool.state === 'failed') return 'fail';
  return pool.state === 'unreadable' ? 'error' : pool.counters?.mode;
}

/** Metrics from the status and the table of each pool. */
export const poolMetrics: readonly HostMetric[] = [
  poolGauges(
    'thinpool_info',
    'Names and devices of the pool, always 1: device, data_device and metadata_device are major:minor numbers, discard is the active discard mode.',
    ['dm_name', 'uuid', 'vg', 'lv', 'owner', 'discard', 'device', 'data_device', 'metadata_device'],
    (pool) => [
      {
        labels: {
          dm_name: pool.dmName,
          uuid: pool.uuid ?? '',
          vg: pool.volumeGroup?.label ?? pool.vgName ?? '',
          lv: pool.lvName ?? '',
          owner: pool.owner,
          discard: pool.counters?.discard ?? '',
          device: pool.device ?? '',
          data_device: pool.table?.dataDevice ?? '',
          metadata_device: pool.table?.metadataDevice ?? '',
        },
        value: 1,
      },
    ],
  ),
  poolGauge(
    'thinpool_up',
    "1 if the pool's status is no older than its age limit and no query of the pool is overdue, or if LVM or Docker report how full it is where device-mapper cannot be read, 0 otherwise.",
    (pool) => (isActive(pool) ? pool.state !== undefined && !isOverdue(pool) : pool.data !== undefined),
  ),
  reduced(
    'not-zero',
    poolGauges(
      'thinpool_presence',
      'State set of the presence of the pool: active (device-mapper has it), inactive (its owner lists it and it has no device), unseen (LVM or Docker report it and device-mapper does not).',
      ['presence'],
      (pool) =>
        presences.map((presence) => ({ labels: { presence }, value: pool.presence === presence ? 1 : 0 })),
    ),
  ),
  reduced(
    'none',
    poolGauges(
      'thinpool_space_origin_info',
      'Origin of the used, free and available space: kernel (counted blocks), lvm or docker (rounded figures); always 1, absent while they are unknown.',
      ['resource', 'origin'],
      (pool) =>
        resources.flatMap((resource) => {
          const origin = pool[resource]?.origin;
          return origin === undefined ? [] : [{ labels: { resource, origin }, value: 1 }];
        }),
    ),
  ),
  reduced(
    'none',
    poolGauges(
      'thinpool_space_rounding_bytes',
      'Maximum rounding error of the used, free and available space; 0 for what the kernel counts.',
      ['resource'],
      (pool) =>
        resources.flatMap((resource) => {
          const space = pool[resource];
          return space === undefined ? [] : [{ labels: { resource }, value: space.roundingBytes ?? 0 }];
        }),
    ),
  ),
  poolGauge(
    'thinpool_status_timestamp_seconds',
    'Unix time at which the exported status was read; absent while the status is unknown.',
    ({ statusTakenAt }) => (statusTakenAt === undefined ? undefined : statusTakenAt / secondMs),
  ),
  reduced(
    'none',
    poolGauge(
      'thinpool_status_interval_seconds',
      'Current polling interval of the pool; shorter than configured for a while after a kernel event and while the pool could soon be full.',
      (pool, { collectors }) => {
        if (!isActive(pool)) return undefined;
        const { fastPolling } = pool;
        const collector = collectors.find(({ name, mode }) => name === 'pools' && mode !== 'off');
        return (
          collector &&
          Math.min(collector.intervalMs, fastPolling?.intervalMs ?? collector.intervalMs) / secondMs
        );
      },
    ),
  ),
  ...resources.flatMap((resource) => spaceMetrics(resource)),
  reduced(
    'none',
    poolGauge(
      'thinpool_block_size_bytes',
      'Size of one data block (chunk).',
      ({ table }) => table && table.blockSectors * sectorBytes,
    ),
  ),
  reduced(
    'not-zero',
    poolGauges(
      'thinpool_mode',
      'Pool mode as a state set: 1 for the current mode, 0 for the others; fail and error mean that the kernel reports Fail or Error instead of a status.',
      ['mode'],
      (pool) => {
        const mode = modeOf(pool);
        return mode === undefined
          ? []
          : modes.map((candidate) => ({ labels: { mode: candidate }, value: candidate === mode ? 1 : 0 }));
      },
    ),
  ),
  poolGauge(
    'thinpool_needs_check',
    '1 if a metadata operation failed and the metadata must be checked offline, 0 otherwise; absent before thin-pool target version 1.16.',
    (pool) => pool.counters?.needsCheck,
  ),
  poolGauge(
    'thinpool_queue_if_no_space',
    '1 if the pool queues writes when it has no free data block, 0 if it fails them; the kernel changes it to 0 after no_space_timeout.',
    (pool) => (pool.counters?.noSpace === undefined ? undefined : pool.counters.noSpace === 'queue'),
  ),
  reduced(
    'none',
    poolGauge(
      'thinpool_queue_if_no_space_configured',
      '1 if the table configures the pool to queue writes when it has no free data block, 0 if to fail them.',
      ({ table }) => table && !table.features.includes('error_if_no_space'),
    ),
  ),
  poolGauge(
    'thinpool_low_water_mark_bytes',
    'Free data space below which the kernel raises an event, from the table; a value above the pool size disables the event.',
    ({ table }) => table && table.lowWaterBlocks * table.blockSectors * sectorBytes,
  ),
  poolGauge(
    'thinpool_metadata_low_water_mark_bytes',
    "Free metadata space, including the kernel's reserve, below which the kernel raises an event; absent before thin-pool target version 1.20.",
    (pool) =>
      pool.counters?.metadataLowWaterBlocks === undefined
        ? undefined
        : pool.counters.metadataLowWaterBlocks * metadataBlockBytes,
  ),
  reduced(
    'none',
    poolGauge(
      'thinpool_transaction_id',
      'Transaction ID that the owner of the pool last set in the kernel.',
      (pool) => pool.counters?.transactionId,
    ),
  ),
  reduced(
    'not-zero',
    poolGauge(
      'thinpool_metadata_snapshot_held',
      '1 while a metadata snapshot is held, which keeps old metadata blocks allocated, 0 otherwise.',
      (pool) => pool.counters && pool.counters.heldMetadataRoot !== undefined,
    ),
  ),
  reduced(
    'none',
    poolGauge(
      'thinpool_metadata_snapshot_root_block',
      'Block number of the root of the held metadata snapshot; absent while none is held.',
      (pool) => pool.counters?.heldMetadataRoot,
    ),
  ),
  reduced(
    'not-zero',
    poolGauge(
      'thinpool_suspended',
      '1 while the pool device is suspended and all its I/O waits, 0 otherwise.',
      (pool) => pool.suspended,
    ),
  ),
  reduced(
    'none',
    poolGauge(
      'thinpool_event_number',
      'Number of device-mapper events of the pool device since it was created.',
      (pool) => pool.eventNumber,
    ),
  ),
  reduced(
    'none',
    poolGauge('thinpool_open_handles', 'Number of times the pool device is open.', (pool) => pool.openCount),
  ),
  poolGauge(
    'thinpool_provisioned_bytes',
    "Sum of the virtual sizes of the pool's thin volumes, including those that LVM lists as inactive.",
    provisionedOf,
  ),
  poolGauge(
    'thinpool_overcommit_ratio',
    'Provisioned size divided by data size; above 1 the pool cannot hold all its volumes if they fill up.',
    (pool) => {
      const provisionedBytes = provisionedOf(pool);
      return pool.data && provisionedBytes && provisionedBytes / pool.data.sizeBytes;
    },
  ),
  poolGauge('thinpool_volumes', 'Number of active thin volumes in the pool.', (pool) =>
    pool.presence === 'unseen' ? undefined : pool.volumeCount,
  ),
  poolGauge(
    'thinpool_inactive_volumes',
    'Number of inactive thin volumes that LVM lists in the pool; absent if LVM does not report the pool.',
    ({ lvm, presence, inactiveVolumeCount }) =>
      lvm === undefined || presence === 'unseen' ? undefined : inactiveVolumeCount,
  ),
  poolGauge(
    'thinpool_unattributed_bytes',
    'Lower bound of the used data that belongs to no active thin volume (blocks shared with snapshots count in each volume); absent if the mapped space of a volume is unknown.',
    unattributedBytes,
  ),
  {
    name: 'thinpool_pools_excluded',
    help: 'Number of pools that --pools.include and --pools.exclude leave out; absent if neither is set.',
    type: 'gauge',
    labels: [],
    samples: ({ excludedPools }) => sample({}, excludedPools),
  },
  reduced(
    'not-zero',
    poolGauge(
      'thinpool_volumes_not_exported',
      'Number of active thin volumes without metrics of their own, because of the limit --volumes.max.',
      (pool) => (isActive(pool) ? pool.volumeCount - pool.volumes.length : undefined),
    ),
  ),
  reduced(
    'none',
    poolGauge(
      'thinpool_metadata_projected_bytes',
      'Metadata space that will be used when the data space is full, at the present ratio of metadata to data; absent while less than a tenth of the data space is used.',
      ({ counters }) => {
        const blocks = counters && metadataBlocksWhenFull(counters);
        return blocks === undefined ? undefined : blocks * metadataBlockBytes;
      },
    ),
  ),
  poolGauges(
    'thinpool_minimum_free_bytes',
    "Free space below which new thin volumes are refused, by origin: docker (reported), derived (from Docker's rule), containers-storage (its default), lvm (by lvcreate) or option; absent if none applies.",
    ['resource', 'origin'],
    (pool) =>
      pool.minimumFrees.map(({ resource, origin, bytes }) => ({
        labels: { resource, origin },
        value: bytes,
      })),
  ),
  reduced(
    'none',
    poolGauges(
      'thinpool_minimum_free_timestamp_seconds',
      'Unix time at which Docker last reported thinpool_minimum_free_bytes, which is kept while Docker does not respond; absent if the value comes from an option.',
      ['resource'],
      ({ minimumFrees, minimumFreeReportedAt }) =>
        minimumFreeReportedAt === undefined
          ? []
          : minimumFrees.map(({ resource }) => ({
              labels: { resource },
              value: minimumFreeReportedAt / secondMs,
            })),
    ),
  ),
  ...resources.map(
    (resource): HostMetric => ({
      name: `thinpool_${resource}_extensions_total`,
      essential: 'none',
      help: `Number of times the pool's ${resource} space was extended since the exporter started.`,
      type: 'counter',
      labels: ['pool'],
      samples: (host) =>
        host.pools
          .filter(isActive)
          .map((pool) => ({ labels: { pool: pool.name }, value: pool.extensions[resource] })),
    }),
  ),
  poolGauge(
    'thinpool_exclusive_timestamp_seconds',
    'Unix time at which thinpool_volume_exclusive_bytes was measured in the pool; absent until then, and once the pool was made anew.',
    (pool, { exclusive }) => {
      const takenAt = exclusiveOf(pool, exclusive)?.takenAt;
      return takenAt === undefined ? undefined : takenAt / secondMs;
    },
  ),
  {
    name: 'thinpool_exclusive_outcome_info',
    help: 'How the latest attempt to measure exclusive space ended, always 1: measured, held (another tool has reserved the metadata snapshot), unhealthy (the pool is not touched in its state), not-installed (no thin_ls), timed-out or failed; absent before the first one.',
    type: 'gauge',
    labels: ['pool', 'outcome'],
    samples: (host) =>
      currentPools(host).flatMap(({ name, dmName }) =>
        (host.exclusive?.outcomes ?? [])
          .filter((one) => one.dmName === dmName)
          .map(({ outcome }) => ({ labels: { pool: name, outcome }, value: 1 })),
      ),
  },
  {
    name: 'thinpool_missing_since_timestamp_seconds',
    help: 'Unix time at which a vanished pool was last seen; absent once the pool is back or --pools.missing-retention has passed.',
    type: 'gauge',
    labels: ['pool'],
    samples: (host) =>
      host.missingPools.map(({ name, lastSeenAt }) => ({
        labels: { pool: name },
        value: lastSeenAt / secondMs,
      })),
  },
];

/** Where only LVM or Docker see the pool, its volumes are not reported. */
function provisionedOf({ presence, lvm, provisionedBytes }: Pool): number | undefined {
  return presence === 'unseen' && lvm === undefined ? undefined : provisionedBytes;
}

function spaceMetrics(resource: Resource): HostMetric[] {
  const word = resource === 'data' ? 'data' : 'metadata';
  const note =
    resource === 'data'
      ? ''
      : '; from thin-pool target version 1.20 on it includes the reserve of the kernel';
  return [
    reduced(
      'none',
      poolGauge(
        `thinpool_${word}_blocks`,
        `Total number of ${word} blocks.`,
        (pool) => pool[resource]?.blocks,
      ),
    ),
    reduced(
      'none',
      poolGauge(
        `thinpool_${word}_used_blocks`,
        `Number of used ${word} blocks${note}.`,
        (pool) => pool[resource]?.usedBlocks,
      ),
    ),
    poolGauge(`thinpool_${word}_size_bytes`, `Total ${word} space.`, (pool) =>
      isActive(pool) ? pool[resource]?.sizeBytes : sizeOfPool(pool, resource),
    ),
    poolGauge(
      `thinpool_${word}_used_bytes`,
      `Used ${word} space${note}.`,
      (pool) => pool[resource]?.usedBytes,
    ),
    reduced(
      'none',
      poolGauge(
        `thinpool_${word}_free_bytes`,
        `Free ${word} space inside the pool: total minus used.`,
        (pool) => pool[resource]?.freeBytes,
      ),
    ),
    poolGauge(
      `thinpool_${word}_available_bytes`,
      `Free ${word} space that can actually be written: less than free if the file system of the pool's loop file has less left.`,
      (pool) => pool[resource]?.availableBytes,
    ),
  ];
}
