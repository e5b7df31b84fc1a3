import type { VolumeGroup } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { HostMetric } from '../model/metric.ts';
import type { ExtensionStep, Pool, Resource } from '../model/pool.ts';
import { poolGauge, poolGauges, sample, type Value } from './helpers.ts';

function groupGauge(
  name: HostMetric['name'],
  help: string,
  value: (group: VolumeGroup) => Value,
): HostMetric {
  const samples = (host: Host) =>
    host.volumeGroups.flatMap((group) => sample({ vg: group.vgName }, value(group)));
  return { name, help, type: 'gauge', labels: ['vg'], samples };
}

function stepGauge(
  name: HostMetric['name'],
  help: string,
  value: (step: ExtensionStep) => Value,
): HostMetric {
  return poolGauges(name, help, ['resource'], (pool: Pool) =>
    (pool.autoextend?.steps ?? []).flatMap((step) =>
      sample({ resource: step.resource satisfies Resource }, value(step)),
    ),
  );
}

/** Autoextend policy, monitoring, and free space in VGs. */
export const lvmMetrics: readonly HostMetric[] = [
  poolGauge(
    'thinpool_lvm_monitored',
    '1 if dmeventd watches the pool, so that it can be extended by itself. Absent where LVM was not asked: see --collector.lvm.seg-monitor.',
    (pool) => pool.lvm?.monitored,
  ),
  poolGauge(
    'thinpool_lvm_check_needed',
    '1 if LVM says that the pool needs a check.',
    (pool) => pool.lvm?.checkNeeded,
  ),
  poolGauge(
    'thinpool_lvm_thin_volumes',
    'Thin volumes that LVM knows in the pool, inactive ones included.',
    (pool) => pool.lvm?.thinCount,
  ),
  poolGauge(
    'thinpool_lvm_transaction_id',
    "Transaction id in the VG's metadata. Differs from thinpool_transaction_id where somebody else manages the volumes.",
    (pool) => pool.lvm?.transactionId,
  ),
  poolGauge(
    'thinpool_lvm_autoextend_threshold_ratio',
    'Use above which LVM extends the pool. 1 is never.',
    (pool) => pool.autoextend && pool.autoextend.thresholdPercent / 100,
  ),
  poolGauge(
    'thinpool_lvm_autoextend_step_ratio',
    'By how much of its size LVM extends the pool.',
    (pool) => pool.autoextend && pool.autoextend.stepPercent / 100,
  ),
  stepGauge(
    'thinpool_lvm_autoextend_needed_bytes',
    'Free space in the VG that the next extension needs, the spare metadata included. It is all or nothing.',
    (step) => step.neededBytes,
  ),
  stepGauge(
    'thinpool_lvm_autoextend_shortfall_bytes',
    'What the VG lacks for the next extension. Above 0 the extension will fail.',
    (step) => step.shortfallBytes,
  ),
  groupGauge('thinpool_vg_size_bytes', 'Size of the volume group.', (group) => group.sizeBytes),
  groupGauge('thinpool_vg_free_bytes', 'Unallocated space of the volume group.', (group) => group.freeBytes),
  groupGauge('thinpool_vg_extent_size_bytes', 'Size of an extent.', (group) => group.extentBytes),
  groupGauge(
    'thinpool_vg_missing_pvs',
    'Physical volumes that the volume group misses.',
    (group) => group.missingPvCount,
  ),
  {
    name: 'thinpool_daemon_running',
    help: '1 while the daemon that its pid file names is alive.',
    type: 'gauge',
    labels: ['daemon'],
    samples: (host) =>
      host.daemons.map(({ name, running }) => ({ labels: { daemon: name }, value: Number(running) })),
  },
  {
    name: 'thinpool_daemon_frozen',
    help: '1 while the daemon is stopped or in uninterruptible sleep, and so does nothing.',
    type: 'gauge',
    labels: ['daemon'],
    samples: (host) =>
      host.daemons.map(({ name, frozen }) => ({ labels: { daemon: name }, value: Number(frozen) })),
  },
];
