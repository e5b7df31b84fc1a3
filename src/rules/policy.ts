import { formatBytes } from '../format/bytes.ts';
import type { Host } from '../model/host.ts';
import { isCounted, type Pool, type Resource, resources } from '../model/pool.ts';
import { hourMs, minuteMs } from '../model/units.ts';
import { canExtend, type FirstExtension, firstExtensions, isPastThreshold } from '../thinpool/autoextend.ts';
import { isNearEnd } from '../thinpool/near-end.ts';
import { obstacleOf } from '../thinpool/vg-room.ts';
import { type AdvisedPool, extendByPart, lvOf, statusCommand, vgOf } from './commands.ts';
import { lastMetadataBytes } from './metadata-limit.ts';
import { nameVolume } from './owners.ts';
import { type PoolHit, poolRule, type Rule, when } from './rule.ts';

/** LVM's policy matters only where it is on. */
function extendsItself({ autoextend }: Pool): boolean {
  return autoextend?.enabled === true;
}

function usedPercent(pool: Pool, resource: Resource): number | undefined {
  const space = pool[resource];
  return space && (100 * space.usedBytes) / space.sizeBytes;
}

const percent = (ratio: number): string => `${(100 * ratio).toFixed(1)}%`;

/** LVM changes nothing in the VG: that is the finding then, and not what follows from it. */
function isBlocked({ volumeGroup }: Pool): boolean {
  return volumeGroup !== undefined && obstacleOf(volumeGroup) !== undefined;
}

/** LVM tries, and every `lvextend --use-policies` fails (lvm2 lib/metadata/lv_manip.c). */
function hasNoStep(pool: Pool): boolean {
  return extendsItself(pool) && pool.autoextend?.stepPercent === 0;
}

function withoutStep({ lvm }: Pool): PoolHit {
  const setting = 'activation/thin_pool_autoextend_percent';
  const place = lvm?.profile === undefined ? 'lvm.conf' : `the metadata profile ${lvm.profile}`;
  return {
    message: `cannot autoextend: ${setting} is 0, and LVM fails at every attempt`,
    advice: `Set ${setting} above 0 in ${place}, to 20 for example.`,
  };
}

/** Whether the next extension is known to fail. */
export function lacksRoom(pool: Pool): PoolHit[] {
  return (extendsItself(pool) && !isBlocked(pool) ? (pool.autoextend?.steps ?? []) : []).flatMap(
    ({ resource, neededBytes, shortfallBytes }) => {
      if (neededBytes === undefined || shortfallBytes === undefined || shortfallBytes === 0) return [];
      if (!isPastThreshold(pool, resource) && isTooLarge(pool, resource)) return [];
      // Exceeding LVM's threshold does no harm: running out of space does.
      const isDue = isPastThreshold(pool, resource) && isNearEnd(pool, resource);
      const message = `needs ${formatBytes(neededBytes)}${placeOf(pool, resource)} for the next extension of ${resource}, and VG ${vgOf(pool)} is ${formatBytes(shortfallBytes)} short`;
      return [{ resource, message, severity: isDue ? 'critical' : 'warning' } as const];
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

/** Each copy, stripe and parity is stored on a PV of its own. */
function placeOf(pool: Pool, resource: Resource): string {
  const areas = areasOf(pool, resource);
  return areas === 1 ? '' : ` on ${areas} PVs`;
}

function describeFirst(first: FirstExtension, pool: Pool): string {
  const { resource, neededRatio, freeRatio, shortfallBytes } = first;
  const needs = `${percent(neededRatio)} of VG ${vgOf(pool)}${placeOf(pool, resource)}`;
  return areasOf(pool, resource) === 1
    ? `${needs}, and ${percent(freeRatio)} is free`
    : `${needs}, which is ${formatBytes(shortfallBytes)} short`;
}

function hasNoRoom(pool: Pool, resource: Resource): boolean {
  return isBlocked(pool) || lacksRoom(pool).some((hit) => hit.resource === resource);
}

/** Why LVM cannot extend the pool, or will not, is known and a finding of its own. */
function hasKnownCause(pool: Pool, host: Host, resource: Resource): boolean {
  return isUnwatched(pool, host) || hasNoStep(pool) || hasNoRoom(pool, resource);
}

/** LVM cannot extend metadata past its largest size: nothing is overdue then. */
function isAtLimit(pool: Pool): boolean {
  return isCounted(pool.metadata) && lastMetadataBytes(pool, pool.metadata.blocks) !== undefined;
}

function overdue(pool: Pool, host: Host): PoolHit[] {
  if (!extendsItself(pool)) return [];
  const threshold = pool.autoextend?.thresholdPercent ?? 100;
  return resources.flatMap((resource) => {
    const used = usedPercent(pool, resource);
    if (used === undefined || used <= threshold || hasKnownCause(pool, host, resource)) return [];
    if (resource === 'metadata' && isAtLimit(pool)) return [];
    return [
      {
        resource,
        message: `uses ${used.toFixed(2)}% of its ${resource}, above the autoextend threshold of ${threshold}%, and has not been extended`,
      },
    ];
  });
}

function isUnwatched({ lvm }: Pool, { daemons }: Host): boolean {
  return lvm?.monitored === false || canExtend(daemons) === false;
}

/** Of file systems that retry failing writes without limit. */
function endless(pool: AdvisedPool): Pool['retryPolicies'] {
  return (pool?.retryPolicies ?? []).filter(({ enospcMaxRetries }) => enospcMaxRetries === -1);
}

export const policyRules: readonly Rule[] = [
  poolRule({
    code: 'autoextend-no-room',
    restsOnLvm: true,
    severity: 'warning',
    escalates: true,
    about: 'setup',
    alert: 'ThinPoolAutoextendNoRoom',
    meaning:
      'The next automatic extension needs more space than LVM can allocate in the VG. An extension takes all or nothing, so it will fail. Critical above the autoextend threshold if the pool is also nearly full, or nearly at the minimum free of Docker or an option.',
    advice: (pool, resource = 'data') => {
      const part = extendByPart(pool, resource);
      const meanwhile = part === undefined ? '' : ` Until then, ${part} takes what the VG can give.`;
      return `Add a PV to the VG (\`vgextend ${vgOf(pool)} DEVICE\`) or free extents in it. Then run \`lvextend --use-policies ${lvOf(pool)}\`.${meanwhile}`;
    },
    judge: lacksRoom,
  }),
  poolRule({
    code: 'autoextend-never',
    restsOnLvm: true,
    severity: 'warning',
    about: 'setup',
    alert: 'ThinPoolAutoextendNoRoom',
    meaning:
      'The pool takes so much of its VG that not even the first automatic extension fits. The well-known case is 95%VG for data and 1%VG for metadata with threshold 80 and step 20. Above the threshold it is reported as autoextend-no-room. Or thin_pool_autoextend_percent is 0, and LVM fails at every attempt.',
    advice: (pool) => `Add a PV to the VG before the pool fills up: \`vgextend ${vgOf(pool)} DEVICE\`.`,
    judge: (pool) => [
      ...(hasNoStep(pool) ? [withoutStep(pool)] : []),
      ...firstExtensions(pool)
        .filter(({ fits, resource }) => !fits && !isBlocked(pool) && !isPastThreshold(pool, resource))
        .map((first) => ({
          resource: first.resource,
          message: `cannot autoextend with this layout: the first extension of ${first.resource} needs ${describeFirst(first, pool)}`,
        })),
    ],
  }),
  poolRule({
    code: 'autoextend-overdue',
    restsOnLvm: true,
    severity: 'warning',
    about: 'setup',
    alert: 'ThinPoolAutoextendIdle',
    meaning:
      'Usage has been above the autoextend threshold for two minutes and the pool did not grow: the extension fails, or nothing attempts it.',
    advice: (pool) =>
      `Run \`lvextend --use-policies ${lvOf(pool)}\` and read its output. Check that dmeventd runs and monitors the pool.`,
    afterMs: 2 * minuteMs,
    judge: overdue,
  }),
  poolRule({
    code: 'autoextend-not-monitored',
    restsOnLvm: true,
    severity: 'warning',
    about: 'setup',
    alert: 'ThinPoolAutoextendIdle',
    meaning:
      'LVM is configured to extend the pool, but dmeventd does not monitor it: no extension will happen.',
    advice: (pool) =>
      `Start dmeventd (service lvm2-monitor), and have it monitor the pool: \`lvchange --monitor y ${lvOf(pool)}\`.`,
    afterMs: minuteMs,
    judge: (pool, host) => {
      const isAsleep = canExtend(host.daemons) === false;
      const isFrozen = host.daemons.some(({ frozen }) => frozen);
      const message = isAsleep
        ? `is configured to autoextend, but dmeventd ${isFrozen ? 'is frozen' : 'is not running'}`
        : 'is configured to autoextend, but dmeventd does not monitor it';
      return when(extendsItself(pool) && isUnwatched(pool, host), message);
    },
  }),
  poolRule({
    code: 'autoextend-off',
    restsOnLvm: true,
    severity: 'info',
    about: 'setup',
    alert: 'ThinPoolRisk',
    meaning:
      "LVM's thin_pool_autoextend_threshold is 100, or its monitoring is off: nothing extends the pool when it fills up.",
    advice:
      'Set activation/thin_pool_autoextend_threshold below 100 in lvm.conf or a profile and activation/monitoring to 1, and keep free extents in the VG. Or extend it by hand when an alert says so.',
    judge: ({ autoextend }) =>
      when(
        autoextend?.enabled === false,
        autoextend !== undefined && autoextend.thresholdPercent < 100
          ? 'has autoextend disabled (activation/monitoring is 0)'
          : 'has autoextend disabled (threshold 100%)',
      ),
  }),
  poolRule({
    code: 'overcommitted-without-reserve',
    restsOnLvm: true,
    severity: 'info',
    about: 'setup',
    alert: 'ThinPoolRisk',
    meaning:
      'The volumes are larger than the pool, and nothing can extend it: it runs out of space if they are filled.',
    advice: 'Keep free extents in the VG and enable autoextend, or make the volumes smaller.',
    judge: (pool) => {
      const isOver = pool.data !== undefined && pool.provisionedBytes > pool.data.sizeBytes;
      const steps = extendsItself(pool) ? (pool.autoextend?.steps ?? []) : undefined;
      // A pool that device-mapper does not show has no layout, which is no reason to say that it cannot grow.
      const canGrow = steps?.every(
        ({ neededBytes, shortfallBytes }) =>
          shortfallBytes === 0 || (neededBytes === undefined && pool.presence === 'unseen'),
      );
      return when(
        isOver && (canGrow !== true || hasNoStep(pool)) && pool.autoextend !== undefined,
        `has ${formatBytes(pool.provisionedBytes)} provisioned on ${formatBytes(pool.data?.sizeBytes ?? 0)}, and cannot autoextend`,
      );
    },
  }),
  poolRule({
    code: 'loopback-in-use',
    severity: 'info',
    about: 'setup',
    alert: 'ThinPoolRisk',
    meaning: 'The pool is stored in files on loop devices, which Docker advises against in production.',
    advice: 'Move to a pool on a real device (dm.thinpooldev), or to overlay2.',
    judge: (pool) =>
      when(pool.backing.length > 0 || pool.dockerInfo?.loopback, 'is stored in files on loop devices'),
  }),
  poolRule({
    code: 'xfs-retries-for-ever',
    severity: 'info',
    about: 'setup',
    alert: 'ThinPoolRisk',
    meaning:
      'XFS on a volume retries failing metadata writes indefinitely while the pool queues. When the pool is full, umount and docker stop can hang in the kernel.',
    advice: (pool) =>
      `Run \`echo 0 | tee /sys/fs/xfs/${endless(pool)[0]?.kernelName ?? 'DEVICE'}/error/metadata/{ENOSPC,EIO}/max_retries\` for each of them (Docker: dm.xfs_nospace_max_retries=0).`,
    judge: (pool) => {
      const policies = endless(pool);
      const [first] = policies;
      const systems = policies.length === 1 ? '1 XFS file system' : `${policies.length} XFS file systems`;
      return when(
        first !== undefined && !pool.table?.features.includes('error_if_no_space'),
        `has ${systems} with unlimited retries, for example on ${nameOf(pool, first?.volume)}`,
      );
    },
  }),
  poolRule({
    code: 'deferred-deletes',
    severity: 'info',
    about: 'state',
    alert: 'ThinPoolRisk',
    meaning:
      'For an hour, Docker has had deleted devices that something still holds open: their blocks are not freed.',
    advice: 'Find the mount namespace that holds them (grep the device in /proc/*/mountinfo), and end it.',
    afterMs: hourMs,
    judge: ({ dockerInfo }) =>
      when(
        (dockerInfo?.deferredDeletedDevices ?? 0) > 0,
        `has ${dockerInfo?.deferredDeletedDevices} deleted devices whose blocks are not freed`,
      ),
  }),
  poolRule({
    code: 'docker-cannot-read-pool',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolFailed',
    meaning: 'docker info reports every size as 0 B: Docker cannot read its pool.',
    advice: (pool) => `Check the state of the pool (${statusCommand(pool)}) and dmesg.`,
    judge: (pool) =>
      when(
        pool.dockerInfo?.poolUnreadable,
        'cannot be read by Docker: docker info reports every size as 0 B',
      ),
  }),
  poolRule({
    code: 'transaction-mismatch',
    restsOnLvm: true,
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolInconsistent',
    meaning:
      "The kernel's transaction id of a pool that LVM manages differs from the one in the VG metadata: a command was interrupted, or metadata was restored.",
    advice: (pool) =>
      `Do not activate or change the pool before its metadata has been compared (\`vgcfgbackup -f FILE ${vgOf(pool)}\`, thin_dump).`,
    afterMs: 5 * minuteMs,
    judge: ({ lvm, transactions }) => {
      const isManaged = (lvm?.thinCount ?? 0) > 0 && (transactions?.lvm ?? 0) > 0;
      return when(
        isManaged && transactions?.kernel !== transactions?.lvm,
        `is at transaction ${transactions?.kernel}, but LVM expects ${transactions?.lvm}: LVM refuses new thin volumes and snapshots, and will not activate it again`,
      );
    },
  }),
];

/** Undefined is of no volume: thousands need not be searched for it. */
function nameOf({ volumes }: Pool, name: string | undefined): string {
  return name === undefined ? '' : nameVolume(volumes.find((volume) => volume.name === name) ?? { name });
}
