import type { VolumeGroup } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { HostMetric } from '../model/metric.ts';
import type { ExtensionStep, Pool, Resource } from '../model/pool.ts';
import { allocatableBytes } from '../thinpool/vg-room.ts';
import { poolGauge, poolGauges, reduced, sample, type Value } from './helpers.ts';

function groupGauge(
  name: HostMetric['name'],
  help: string,
  value: (group: VolumeGroup) => Value,
): HostMetric {
  const samples = (host: Host) =>
    host.volumeGroups.flatMap((group) => sample({ vg: group.label ?? group.vgName }, value(group)));
  return { name, help, type: 'gauge', labels: ['vg'], samples };
}

function stepGauge(
  name: HostMetric['name'],
  help: string,
  value: (step: ExtensionStep, pool: Pool) => Value,
): HostMetric {
  return poolGauges(name, help, ['resource'], (pool: Pool) =>
    (pool.autoextend?.steps ?? []).flatMap((step) =>
      sample({ resource: step.resource satisfies Resource }, value(step, pool)),
    ),
  );
}

/** Metrics from LVM: autoextend policy, monitoring and free VG space. */
export const lvmMetrics: readonly HostMetric[] = [
  poolGauge(
    'thinpool_lvm_monitored',
    '1 if dmeventd monitors the pool, which autoextension requires, 0 otherwise; absent if LVM was not queried for it (see --collector.lvm.seg-monitor).',
    (pool) => pool.lvm?.monitored,
  ),
  reduced(
    'not-zero',
    poolGauge(
      'thinpool_lvm_check_needed',
      '1 if LVM reports that the pool needs a check, 0 otherwise.',
      (pool) => pool.lvm?.checkNeeded,
    ),
  ),
  reduced(
    'none',
    poolGauge(
      'thinpool_lvm_thin_volumes',
      'Number of thin volumes in the pool according to LVM, including inactive ones.',
      (pool) => pool.lvm?.thinCount,
    ),
  ),
  reduced(
    'none',
    poolGauge(
      'thinpool_lvm_transaction_id',
      "Transaction ID in the VG's metadata; differs from thinpool_transaction_id if another tool manages the volumes.",
      (pool) => pool.lvm?.transactionId,
    ),
  ),
  poolGauge(
    'thinpool_lvm_autoextend_threshold_ratio',
    'Used share of the pool above which LVM extends it; 1 means never.',
    (pool) => pool.autoextend && pool.autoextend.thresholdPercent / 100,
  ),
  reduced(
    'none',
    poolGauge(
      'thinpool_lvm_autoextend_step_ratio',
      'Size of one extension as a share of the pool size.',
      (pool) => pool.autoextend && pool.autoextend.stepPercent / 100,
    ),
  ),
  stepGauge(
    'thinpool_lvm_autoextend_needed_bytes',
    'Free VG space that the next extension needs, including copies, parity and spare metadata; with less it fails entirely; absent if the layout is unknown.',
    (step) => step.neededBytes,
  ),
  stepGauge(
    'thinpool_lvm_autoextend_shortfall_bytes',
    'Free VG space missing for the next extension, by what LVM can allocate for the layout; above 0 the extension will fail; absent if unknown, and while the VG was last read before an extension in it.',
    ({ shortfallBytes }, { roomOutdated }) =>
      roomOutdated === true && shortfallBytes === 0 ? undefined : shortfallBytes,
  ),
  reduced(
    'none',
    groupGauge('thinpool_vg_size_bytes', 'Size of the volume group.', (group) => group.sizeBytes),
  ),
  groupGauge('thinpool_vg_free_bytes', 'Unallocated space in the volume group.', (group) => group.freeBytes),
  reduced(
    'none',
    groupGauge(
      'thinpool_vg_allocatable_bytes',
      'Free VG space that LVM can allocate: on present, allocatable PVs; 0 while LVM cannot change the VG; absent if LVM did not report it.',
      allocatableBytes,
    ),
  ),
  reduced(
    'none',
    groupGauge(
      'thinpool_vg_extent_size_bytes',
      'Size of one extent of the volume group.',
      (group) => group.extentBytes,
    ),
  ),
  reduced(
    'not-zero',
    groupGauge(
      'thinpool_vg_missing_pvs',
      'Number of missing physical volumes of the volume group.',
      (group) => group.missingPvCount,
    ),
  ),
  {
    name: 'thinpool_daemon_running',
    essential: 'none',
    help: '1 while the process named in the PID file of the daemon is alive, 0 otherwise.',
    type: 'gauge',
    labels: ['daemon'],
    samples: (host) =>
      host.daemons.map(({ name, running }) => ({ labels: { daemon: name }, value: Number(running) })),
  },
  {
    name: 'thinpool_daemon_frozen',
    essential: 'not-zero',
    help: '1 while the daemon is stopped or in uninterruptible sleep and cannot work, 0 otherwise.',
    type: 'gauge',
    labels: ['daemon'],
    samples: (host) =>
      host.daemons.map(({ name, frozen }) => ({ labels: { daemon: name }, value: Number(frozen) })),
  },
];
