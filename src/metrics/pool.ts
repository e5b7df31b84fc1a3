import type { HostMetric } from '../model/metric.ts';
import { type Pool, type Resource, resources } from '../model/pool.ts';
import { metadataBlockBytes, secondMs, sectorBytes } from '../model/units.ts';
import { isOverdue } from '../safety/lateness.ts';
import { metadataBlocksWhenFull } from '../thinpool/metadata-projection.ts';
import { poolGauge, poolGauges } from './helpers.ts';

const modes = ['rw', 'ro', 'out_of_data_space', 'fail', 'error'] as const;

/** The mode as the kernel reports it. `fail` and `error` are its words Fail and Error, which replace the whole line. */
function modeOf(pool: Pool): (typeof modes)[number] | undefined {
  if (pool.state === 'failed') return 'fail';
  return pool.state === 'unreadable' ? 'error' : pool.counters?.mode;
}

/** From the status and the table of the pool. */
export const poolMetrics: readonly HostMetric[] = [
  poolGauges(
    'thinpool_info',
    'Names of a pool. Always 1. data_device and metadata_device are major:minor; discard is the live discard mode.',
    ['dm_name', 'uuid', 'vg', 'lv', 'owner', 'discard', 'device', 'data_device', 'metadata_device'],
    (pool) => [
      {
        labels: {
          dm_name: pool.dmName,
          uuid: pool.uuid ?? '',
          vg: pool.vgName ?? '',
          lv: pool.lvName ?? '',
          owner: pool.owner,
          discard: pool.counters?.discard ?? '',
          device: pool.device,
          data_device: pool.table.dataDevice,
          metadata_device: pool.table.metadataDevice,
        },
        value: 1,
      },
    ],
  ),
  poolGauge(
    'thinpool_up',
    "1 while the pool's status is known within its age limit and no reading of it is overdue, else 0.",
    (pool) => pool.state !== undefined && !isOverdue(pool),
  ),
  poolGauge(
    'thinpool_status_timestamp_seconds',
    'Unix time at which the status that is shown was read.',
    (pool) => (pool.statusTakenAt === undefined ? undefined : pool.statusTakenAt / secondMs),
  ),
  poolGauge(
    'thinpool_status_interval_seconds',
    "Time from one reading of the pool's status to the next, as it is now: that of the source pools, or less for a while after an event, and while it could soon be full.",
    ({ closeWatch }, { sources }) => {
      const source = sources.find(({ name, mode }) => name === 'pools' && mode !== 'off');
      return source && Math.min(source.intervalMs, closeWatch?.intervalMs ?? source.intervalMs) / secondMs;
    },
  ),
  ...resources.flatMap((resource) => spaceMetrics(resource)),
  poolGauge(
    'thinpool_block_size_bytes',
    'Size of a data block (chunk).',
    (pool) => pool.table.blockSectors * sectorBytes,
  ),
  poolGauges(
    'thinpool_mode',
    "State set: 1 for the mode that the pool is in. fail and error are the kernel's words Fail and Error.",
    ['mode'],
    (pool) => {
      const mode = modeOf(pool);
      return mode === undefined
        ? []
        : modes.map((candidate) => ({ labels: { mode: candidate }, value: candidate === mode ? 1 : 0 }));
    },
  ),
  poolGauge(
    'thinpool_needs_check',
    '1 if a metadata operation has failed and the metadata must be checked offline. Absent before target version 1.16.',
    (pool) => pool.counters?.needsCheck,
  ),
  poolGauge(
    'thinpool_queue_if_no_space',
    'Live policy at 0 free blocks: 1 queues writes, 0 fails them. Turns to 0 when no_space_timeout has passed.',
    (pool) => (pool.counters?.noSpace === undefined ? undefined : pool.counters.noSpace === 'queue'),
  ),
  poolGauge(
    'thinpool_queue_if_no_space_configured',
    'Configured policy at 0 free blocks, from the table: 1 queues writes, 0 fails them.',
    (pool) => !pool.table.features.includes('error_if_no_space'),
  ),
  poolGauge(
    'thinpool_low_water_mark_bytes',
    'Free data space at which the kernel raises an event, from the table. More than the pool has in all says nothing.',
    (pool) => pool.table.lowWaterBlocks * pool.table.blockSectors * sectorBytes,
  ),
  poolGauge(
    'thinpool_metadata_low_water_mark_bytes',
    "Free metadata space, the kernel's reserve included, at which it raises an event. Absent before target version 1.20.",
    (pool) =>
      pool.counters?.metadataLowWaterBlocks === undefined
        ? undefined
        : pool.counters.metadataLowWaterBlocks * metadataBlockBytes,
  ),
  poolGauge(
    'thinpool_transaction_id',
    "Transaction id of the pool's owner.",
    (pool) => pool.counters?.transactionId,
  ),
  poolGauge(
    'thinpool_metadata_snapshot_held',
    '1 while a metadata snapshot is reserved, which pins old metadata blocks.',
    (pool) => pool.counters && pool.counters.heldMetadataRoot !== undefined,
  ),
  poolGauge(
    'thinpool_metadata_snapshot_root_block',
    'Metadata block of the reserved metadata snapshot, while there is one.',
    (pool) => pool.counters?.heldMetadataRoot,
  ),
  poolGauge(
    'thinpool_suspended',
    '1 while the device is suspended: all I/O waits.',
    (pool) => pool.suspended,
  ),
  poolGauge(
    'thinpool_event_number',
    'Device-mapper events of the device so far.',
    (pool) => pool.eventNumber,
  ),
  poolGauge('thinpool_openers', 'Openers of the pool device.', (pool) => pool.openCount),
  poolGauge(
    'thinpool_provisioned_bytes',
    "Sum of the sizes of the pool's active thin volumes.",
    (pool) => pool.provisionedBytes,
  ),
  poolGauge(
    'thinpool_overcommit_ratio',
    'Provisioned size over data size: above 1 the volumes cannot all be filled.',
    (pool) => pool.data && pool.provisionedBytes / pool.data.sizeBytes,
  ),
  poolGauge('thinpool_volumes', 'Active thin volumes of the pool.', (pool) => pool.volumeCount),
  poolGauge(
    'thinpool_volumes_left_out',
    'Active thin volumes beyond the option --volumes.max, without metrics of their own.',
    (pool) => pool.volumeCount - pool.volumes.length,
  ),
  poolGauge(
    'thinpool_metadata_projected_bytes',
    'Metadata that will be used on the day data is full, if volumes go on mapping as they did. Absent while less than a tenth of the data is used.',
    ({ counters }) => {
      const blocks = counters && metadataBlocksWhenFull(counters);
      return blocks === undefined ? undefined : blocks * metadataBlockBytes;
    },
  ),
  poolGauges(
    'thinpool_minimum_free_bytes',
    "Free space below which new thin volumes are refused. origin: docker as printed, derived by Docker's rule, or option. Docker's stays while Docker does not answer: thinpool_minimum_free_timestamp_seconds tells since when.",
    ['resource', 'origin'],
    (pool) =>
      pool.floors.map(({ resource, origin, bytes }) => ({ labels: { resource, origin }, value: bytes })),
  ),
  poolGauges(
    'thinpool_minimum_free_timestamp_seconds',
    'Unix time at which Docker last told the floor behind thinpool_minimum_free_bytes. Absent for a floor from an option.',
    ['resource'],
    ({ floors, floorsToldAt }) =>
      floorsToldAt === undefined
        ? []
        : floors.map(({ resource }) => ({ labels: { resource }, value: floorsToldAt / secondMs })),
  ),
  ...resources.map(
    (resource): HostMetric => ({
      name: `thinpool_${resource}_extensions_total`,
      help: `Times the pool's ${resource} was seen to grow since the exporter started.`,
      type: 'counter',
      labels: ['pool'],
      samples: (host) =>
        host.pools.map((pool) => ({ labels: { pool: pool.name }, value: pool.extensions[resource] })),
    }),
  ),
  {
    name: 'thinpool_missing_since_timestamp_seconds',
    help: 'Unix time at which a pool that is gone was last seen. Forgotten after --missing.forget-after.',
    type: 'gauge',
    labels: ['pool'],
    samples: (host) =>
      host.missingPools.map(({ name, lastSeenAt }) => ({
        labels: { pool: name },
        value: lastSeenAt / secondMs,
      })),
  },
];

function spaceMetrics(resource: Resource): HostMetric[] {
  const word = resource === 'data' ? 'data' : 'metadata';
  const note =
    resource === 'data' ? '' : ' From target version 1.20 on the kernel counts its hidden reserve as used.';
  return [
    poolGauge(`thinpool_${word}_blocks`, `Total ${word} blocks.`, (pool) => pool[resource]?.blocks),
    poolGauge(
      `thinpool_${word}_used_blocks`,
      `Used ${word} blocks.${note}`,
      (pool) => pool[resource]?.usedBlocks,
    ),
    poolGauge(`thinpool_${word}_size_bytes`, `Total ${word} space.`, (pool) => pool[resource]?.sizeBytes),
    poolGauge(
      `thinpool_${word}_used_bytes`,
      `Used ${word} space.${note}`,
      (pool) => pool[resource]?.usedBytes,
    ),
    poolGauge(
      `thinpool_${word}_free_bytes`,
      `Total minus used ${word} space of the pool itself.`,
      (pool) => pool[resource]?.freeBytes,
    ),
    poolGauge(
      `thinpool_${word}_available_bytes`,
      `Free ${word} space, or what the file system under the pool's loop file has left where that is less.`,
      (pool) => pool[resource]?.availableBytes,
    ),
  ];
}
