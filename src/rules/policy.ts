import { formatBytes } from '../format/bytes.ts';
import type { Daemon } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import { type Pool, type Resource, resources } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';
import { type FirstExtension, firstExtensions, isPastThreshold } from '../thinpool/autoextend.ts';
import { isNearEnd } from '../thinpool/near-end.ts';
import { obstacleOf } from '../thinpool/vg-room.ts';
import { lastMetadataBytes } from './extend-command.ts';
import { type PoolHit, poolRule, type Rule, when } from './rule.ts';

const hourMs = 3600 * secondMs;
const minuteMs = 60 * secondMs;

/** LVM's policy is of use only where it is on. */
function extendsItself({ autoextend }: Pool): boolean {
  return autoextend?.enabled === true;
}

function usedPercent(pool: Pool, resource: Resource): number | undefined {
  const space = pool[resource];
  return space && (100 * space.usedBlocks) / space.blocks;
}

const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)}%`;

/** LVM changes nothing in the VG: that is the finding then, and not what follows from it. */
function isBlocked({ volumeGroup }: Pool): boolean {
  return volumeGroup !== undefined && obstacleOf(volumeGroup) !== undefined;
}

function lacksRoom(pool: Pool): PoolHit[] {
  return (extendsItself(pool) && !isBlocked(pool) ? (pool.autoextend?.steps ?? []) : []).flatMap(
    ({ resource, neededBytes, shortfallBytes }) => {
      if (neededBytes === undefined || shortfallBytes === undefined || shortfallBytes === 0) return [];
      if (!isPastThreshold(pool, resource) && isTooLarge(pool, resource)) return [];
      // LVM's threshold hurts nobody by itself: what does is the end of the space.
      const isDue = isPastThreshold(pool, resource) && isNearEnd(pool, resource);
      const says = `needs ${formatBytes(neededBytes)} ${placeOf(pool, resource)} for the next extension of ${resource}, and the VG lacks ${formatBytes(shortfallBytes)}`;
      return [{ resource, says, severity: isDue ? 'critical' : 'warning' } as const];
    },
  );
}

/** Not even the first extension can succeed. Once it is due, what counts is the next one. */
function isTooLarge(pool: Pool, resource: Resource): boolean {
  return firstExtensions(pool).some((first) => first.resource === resource && !first.fits);
}

function areasOf({ layouts }: Pool, resource: Resource): number {
  return layouts?.[resource]?.areas ?? 1;
}

/** Where the step goes: each copy, stripe and parity lies on a PV of its own. */
function placeOf(pool: Pool, resource: Resource): string {
  const areas = areasOf(pool, resource);
  return areas === 1 ? 'in its VG' : `on ${areas} PVs of its VG`;
}

function describeFirst(
  { neededRatio, freeRatio, shortfallBytes }: Omit<FirstExtension, 'resource'>,
  areas: number,
): string {
  if (areas === 1) return `${percent(neededRatio)} of the VG, and ${percent(freeRatio)} is free`;
  return `${percent(neededRatio)} of the VG on ${areas} PVs, and the VG lacks ${formatBytes(shortfallBytes)}`;
}

function hasNoRoom(pool: Pool, resource: Resource): boolean {
  return isBlocked(pool) || lacksRoom(pool).some((hit) => hit.resource === resource);
}

/** Why LVM cannot extend the pool, or will not, is known and a finding of its own. */
function hasKnownCause(pool: Pool, host: Host, resource: Resource): boolean {
  return isUnwatched(pool, host) || hasNoRoom(pool, resource);
}

/** LVM cannot extend metadata past its largest size: nothing is overdue then. */
function isAtLimit(pool: Pool, metadataBlocks: number): boolean {
  return lastMetadataBytes(pool, metadataBlocks) !== undefined;
}

function overdue(pool: Pool, host: Host): PoolHit[] {
  if (!extendsItself(pool)) return [];
  const threshold = pool.autoextend?.thresholdPercent ?? 100;
  return resources.flatMap((resource) => {
    const used = usedPercent(pool, resource);
    if (used === undefined || used <= threshold || hasKnownCause(pool, host, resource)) return [];
    if (resource === 'metadata' && pool.metadata && isAtLimit(pool, pool.metadata.blocks)) return [];
    return [
      {
        resource,
        says: `uses ${used.toFixed(2)}% of its ${resource}, above the autoextend threshold of ${threshold}%, and is not extended`,
      },
    ];
  });
}

function sleeping({ daemons }: Host): Daemon | undefined {
  return daemons.find(({ name, running, frozen }) => name === 'dmeventd' && (!running || frozen));
}

function isUnwatched({ lvm }: Pool, host: Host): boolean {
  return lvm?.monitored === false || sleeping(host) !== undefined;
}

export const policyRules: readonly Rule[] = [
  poolRule({
    code: 'autoextend-no-room',
    severity: 'warning',
    meaning:
      'The next automatic extension needs more than LVM can allocate in the VG. It is all or nothing, so it will fail. Critical once the threshold is passed and the pool is nearly full, or nearly at the minimum free space of Docker or of an option.',
    advice: 'Add a PV to the VG (vgextend), or free extents; then run lvextend --use-policies VG/POOL.',
    judge: lacksRoom,
  }),
  poolRule({
    code: 'autoextend-never',
    severity: 'warning',
    meaning:
      'The pool takes so much of its VG that not even the first automatic extension can succeed (95 %VG for data and 1 %VG for metadata with 80/20 is the well-known case). Once the threshold is passed it is reported as autoextend-no-room.',
    advice: 'Add a PV to the VG (vgextend) before the pool fills.',
    judge: (pool) =>
      firstExtensions(pool)
        .filter(({ fits, resource }) => !fits && !isBlocked(pool) && !isPastThreshold(pool, resource))
        .map(({ resource, ...first }) => ({
          resource,
          says: `can never be extended by itself as it is: the first step of ${resource} needs ${describeFirst(first, areasOf(pool, resource))}`,
        })),
  }),
  poolRule({
    code: 'autoextend-overdue',
    severity: 'warning',
    meaning:
      'Use has been above the autoextend threshold for two minutes and the pool did not grow: the extension fails, or nobody tries.',
    advice:
      'Run lvextend --use-policies VG/POOL and read what it says; see that dmeventd runs and watches the pool.',
    afterMs: 2 * minuteMs,
    judge: overdue,
  }),
  poolRule({
    code: 'autoextend-not-monitored',
    severity: 'warning',
    meaning: 'LVM is set up to extend the pool, but dmeventd does not watch it: nothing will happen.',
    advice: 'Start dmeventd (lvm2-monitor) and watch the pool: lvchange --monitor y VG/POOL.',
    afterMs: minuteMs,
    judge: (pool, host) => {
      const daemon = sleeping(host);
      const says =
        daemon === undefined
          ? 'is to be extended by LVM, but is not monitored'
          : `is to be extended by LVM, but dmeventd ${daemon.running ? 'is frozen' : 'does not run'}`;
      return when(extendsItself(pool) && isUnwatched(pool, host), says);
    },
  }),
  poolRule({
    code: 'autoextend-off',
    severity: 'info',
    meaning:
      "LVM's thin_pool_autoextend_threshold is 100, or its monitoring is off: nobody extends the pool when it fills.",
    advice:
      'Set activation/thin_pool_autoextend_threshold below 100 in lvm.conf or a profile, and activation/monitoring to 1, and keep free extents in the VG; or watch the pool yourself.',
    judge: ({ autoextend }) =>
      when(
        autoextend?.enabled === false,
        autoextend !== undefined && autoextend.thresholdPercent < 100
          ? 'is not extended by anybody: activation/monitoring is 0'
          : 'is not extended by anybody: its autoextend threshold is 100%',
      ),
  }),
  poolRule({
    code: 'overcommitted-without-reserve',
    severity: 'info',
    meaning:
      'The volumes are larger than the pool and nothing can extend it: it will run out if they are filled.',
    advice: 'Keep free extents in the VG and turn autoextend on, or make the volumes smaller.',
    judge: (pool) => {
      const isOver = pool.data !== undefined && pool.provisionedBytes > pool.data.sizeBytes;
      const canGrow =
        extendsItself(pool) && (pool.autoextend?.steps.every((step) => step.shortfallBytes === 0) ?? false);
      return when(
        isOver && !canGrow && pool.autoextend !== undefined,
        `promises ${formatBytes(pool.provisionedBytes)} and has ${formatBytes(pool.data?.sizeBytes ?? 0)}`,
      );
    },
  }),
  poolRule({
    code: 'loopback-in-use',
    severity: 'info',
    meaning: 'The pool lies in files on loop devices, which Docker advises against in production.',
    advice: 'Move to a pool on a real device (dm.thinpooldev), or to overlay2.',
    judge: (pool) =>
      when(pool.backing.length > 0 || pool.consumer?.loopback, 'lies in files on loop devices'),
  }),
  poolRule({
    code: 'xfs-retries-for-ever',
    severity: 'info',
    meaning:
      'XFS on a volume repeats failing metadata writes for ever while the pool queues: when it is full, umount and docker stop can hang in the kernel.',
    advice:
      'Write 0 to max_retries in /sys/fs/xfs/DEVICE/error/metadata/ENOSPC and in EIO beside it (Docker: dm.xfs_nospace_max_retries=0).',
    judge: (pool) => {
      const endless = pool.retryPolicies
        .filter(({ enospcMaxRetries }) => enospcMaxRetries === -1)
        .map(({ volume }) => volume);
      const [first] = endless;
      return when(
        first !== undefined && !pool.table.features.includes('error_if_no_space'),
        `has ${endless.length} XFS file system(s) that retry for ever, such as ${first}`,
      );
    },
  }),
  poolRule({
    code: 'deferred-deletes',
    severity: 'info',
    meaning: 'Docker has deleted devices that something still holds, for an hour: their blocks are not free.',
    advice: 'Find the mount namespace that holds them (grep the device in /proc/*/mountinfo) and end it.',
    afterMs: hourMs,
    judge: ({ consumer }) =>
      when(
        (consumer?.deferredDeletedDevices ?? 0) > 0,
        `has ${consumer?.deferredDeletedDevices} deleted devices whose blocks are not free`,
      ),
  }),
  poolRule({
    code: 'docker-cannot-read-pool',
    severity: 'critical',
    meaning: 'docker info prints every size as 0 B: Docker cannot read its pool.',
    advice: "Look at the pool's state (dmsetup status --noflush POOL) and at dmesg.",
    judge: (pool) =>
      when(pool.consumer?.poolUnreadable, 'cannot be read by Docker: it prints all sizes as 0 B'),
  }),
  poolRule({
    code: 'transaction-mismatch',
    severity: 'warning',
    meaning:
      "The kernel's transaction id of an LVM-managed pool differs from the VG's metadata: a command was cut short, or metadata was restored.",
    advice:
      'Do not activate or change the pool before its metadata has been compared (vgcfgbackup, thin_dump).',
    afterMs: 5 * minuteMs,
    judge: ({ lvm, counters }) => {
      const isManaged =
        (lvm?.thinCount ?? 0) > 0 &&
        lvm?.transactionId !== undefined &&
        lvm.transactionId > 0 &&
        counters !== undefined;
      return when(
        isManaged && lvm.transactionId !== counters.transactionId,
        `is at transaction ${counters?.transactionId}, while LVM expects ${lvm?.transactionId}`,
      );
    },
  }),
];
