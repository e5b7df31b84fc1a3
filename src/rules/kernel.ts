import type { Host } from '../model/host.ts';
import type { EventSum, Pool, Resource } from '../model/pool.ts';
import { minuteMs } from '../model/units.ts';
import { endedByActivation, failedActivation } from '../thinpool/ended-by-activation.ts';
import { type AdvisedPool, deviceOf, extendCommand, isExtendedByLvm, vgOf } from './commands.ts';
import { adviseStorage, checkMetadata } from './remedies.ts';
import { type Hit, type PoolHit, poolRule, type Rule } from './rule.ts';

/** How long a message counts as current: khungtaskd repeats every two minutes, XFS every 30 s. */
const recentMs = 5 * minuteMs;

/** A bad disk or a damaged block is met again only when it is used again, and does not heal. */
const lastingMs = 60 * minuteMs;

/** Kinds after which a file system no longer does what its users think it does. */
export const brokenFileSystem: readonly string[] = [
  'xfs_shutdown',
  'xfs_no_space',
  'xfs_metadata_error',
  'xfs_log_error',
  'xfs_write_retried',
  'xfs_corruption',
  'writeback_error',
  'lost_write',
  'ext4_error',
  'ext4_read_only',
  'ext4_data_lost',
  'ext4_write_error',
  'journal_aborted',
  'journal_error',
  'btrfs_read_only',
  'btrfs_write_error',
  'btrfs_error',
  'file_system_error',
];

/** Kinds after which the metadata of a pool cannot be trusted. */
export const damagedMetadata: readonly string[] = [
  'metadata_damaged',
  'metadata_operation_failed',
  'metadata_lookup_failed',
  'metadata_abort_failed',
  'needs_check_not_set',
];

/** A pool that is written and not flagged has been checked since: its device got the number of the one before. */
function damageOf({ counters }: Pool): readonly string[] {
  const isChecked = counters?.needsCheck === false && counters.mode !== 'ro';
  return isChecked ? damagedMetadata.filter((kind) => !endedByActivation.has(kind)) : damagedMetadata;
}

/** Kinds of a device under a pool that loses writes now. */
export const losingStorage: readonly string[] = ['loop_write_error', 'block_no_space', 'vdo_failed'];

/** Kinds of a device under a pool that fails now and then; what is above may still have made up for it. */
export const failingStorage: readonly string[] = [
  'block_error',
  'buffer_error',
  'disk_error',
  'raid_disk_failed',
  'raid_error',
  'path_failed',
  'integrity_error',
  'cache_error',
  'btrfs_read_error',
  'superblock_unreadable',
];

/** Kinds that say that the kernel refused an operation. */
export const refusedOperation: readonly string[] = [
  'grow_refused',
  'message_refused',
  'volume_creation_failed',
  'volume_deletion_failed',
  'volume_activation_failed',
];

/** Docker tries to delete what is still held open, and where it defers deletions it tries again until that works. */
function refusedOf({ dockerInfo }: Pool): readonly string[] {
  const refused = [...failedActivation, ...refusedOperation];
  return dockerInfo?.deferredDeletion === true
    ? refused.filter((kind) => kind !== 'volume_deletion_failed')
    : refused;
}

function recent(
  events: readonly EventSum[],
  kinds: readonly string[],
  now: number,
  forMs: number,
): EventSum[] {
  return events.filter(
    ({ kind, lastAt, driftMs = 0 }) => kinds.includes(kind) && now - lastAt - driftMs < forMs,
  );
}

/** `block_error, disk_error on sda, sdb; buffer_error on dm-1`: names of volumes are long, so each stands once. */
function listKinds(events: readonly EventSum[]): string {
  const byDevices = new Map<string, string[]>();
  for (const { kind, devices } of events) {
    const place = shorten(devices);
    byDevices.set(place, [...(byDevices.get(place) ?? []), kind]);
  }
  return [...byDevices]
    .map(([place, kinds]) => `${kinds.sort().join(', ')}${place === '' ? '' : ` on ${place}`}`)
    .sort()
    .join('; ');
}

const shown = 4;

function shorten(devices: readonly string[]): string {
  const rest = devices.length - shown;
  return rest > 0 ? `${devices.slice(0, shown).join(', ')} and ${rest} more` : devices.join(', ');
}

/** A rule about kernel messages of these kinds: of each pool, and of the host where they may be about any pool. */
interface MessageRule extends Omit<Rule, 'find' | 'about'> {
  readonly kinds: readonly string[];
  /** Of a pool, where they depend on its state. */
  readonly kindsOf?: (pool: Pool) => readonly string[];
  /** Of the host, where they are others. */
  readonly hostKinds?: readonly string[];
  readonly forMs: number;
  readonly resource?: Resource;
  /** What follows `pool NAME`, before the kinds. */
  readonly message: string;
  /** The same of the host. Absent: what is about no pool is no finding. */
  readonly hostMessage?: string;
  readonly isSilent?: (pool: Pool) => boolean;
  readonly severityOf?: (events: readonly EventSum[]) => Rule['severity'];
}

function messageRule({
  kinds,
  kindsOf = () => kinds,
  hostKinds = kinds,
  forMs,
  resource,
  message,
  hostMessage,
  isSilent,
  severityOf,
  ...rule
}: MessageRule): Rule {
  const judge = (events: readonly EventSum[], among: readonly string[], now: number) => {
    const found = recent(events, among, now, forMs);
    if (found.length === 0) return undefined;
    return {
      listed: listKinds(found),
      more: { ...(resource && { resource }), ...(severityOf && { severity: severityOf(found) }) },
    };
  };
  const ofPools = poolRule({
    ...rule,
    about: 'state',
    judge: (pool, { takenAt }): PoolHit[] => {
      const found = isSilent?.(pool) === true ? undefined : judge(pool.kernelEvents, kindsOf(pool), takenAt);
      return found === undefined
        ? []
        : [{ message: `${message} (kernel messages: ${found.listed})`, ...found.more }];
    },
  });
  const ofHost = ({ unassignedEvents, takenAt }: Host): Hit[] => {
    const found = hostMessage === undefined ? undefined : judge(unassignedEvents, hostKinds, takenAt);
    return found === undefined
      ? []
      : [{ summary: `${hostMessage} (kernel messages: ${found.listed})`, ...found.more }];
  };
  return { ...ofPools, find: (host, context) => [...ofPools.find(host, context), ...ofHost(host)] };
}

/** Findings on the state report the same, with the same runbook. Of a pool that is not active pool-inactive says why. */
function isKnownToBeBroken({ state, counters, table, presence }: Pool): boolean {
  if (presence === 'inactive') return true;
  const isReadOnly = counters?.mode === 'ro' && table?.features.includes('read_only') !== true;
  return state === 'failed' || state === 'unreadable' || counters?.needsCheck === true || isReadOnly;
}

/** The tree of the devices that a pool stands on. */
function stackCommand(pool: AdvisedPool): string {
  return `\`lsblk -s /dev/mapper/${deviceOf(pool)}\``;
}

/** Trouble that the kernel log reports. */
export const kernelRules: readonly Rule[] = [
  messageRule({
    code: 'tasks-hang-in-storage',
    severity: 'critical',
    alert: 'ThinPoolTasksHang',
    meaning:
      'In the last five minutes the kernel reported a task that is blocked in the pool, on a device under it, or in a file system on it. On a full pool this is dockerd, or a container that cannot be stopped.',
    advice: (pool) =>
      `Find the task and where it is blocked: \`journalctl -k -g "blocked for more"\`, \`cat /proc/PID/stack\`. If the pool is full, extend it: ${extendCommand(pool, 'data')}. Tasks that wait for space then continue at once. Do not kill dockerd.`,
    kinds: ['hung_task'],
    forMs: recentMs,
    message: 'has tasks that are blocked in it',
  }),
  {
    code: 'tasks-hang-unassigned',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolTasksHang',
    meaning:
      'In the last five minutes the kernel reported a task that is blocked in a file system or block I/O. The report does not name the device, so it may have nothing to do with a thin pool.',
    advice:
      'Find the task and what it uses: `journalctl -k -g "blocked for more"`, `cat /proc/PID/stack`, `ls -l /proc/PID/fd`. If its files are on a thin volume, check the pool of that volume.',
    find: ({ unassignedEvents, takenAt, pools }) =>
      pools.length > 0 && recent(unassignedEvents, ['hung_task'], takenAt, recentMs).length > 0
        ? [{ summary: 'the kernel reports tasks that are blocked in storage, and does not name the device' }]
        : [],
  },
  messageRule({
    code: 'file-system-errors',
    severity: 'critical',
    alert: 'ThinPoolFileSystemErrors',
    meaning:
      'In the last five minutes the kernel reported errors of a file system on a volume of the pool. Written data may be lost; the file system may have shut down or gone read-only.',
    advice: (pool) =>
      `Read dmesg. If the pool is full, extend it first: ${extendCommand(pool, 'data')}. Then unmount the file system, check it, and mount it again.`,
    kinds: brokenFileSystem,
    forMs: recentMs,
    message: 'has file systems with errors',
  }),
  messageRule({
    code: 'metadata-damaged',
    severity: 'critical',
    alert: 'ThinPoolKernelErrors',
    meaning:
      'In the last hour the kernel found metadata of the pool that is damaged, or that it could not read or write. Without a pool: the message does not say which one. The status may still look healthy, but the pool can fail at any time.',
    advice: (pool) =>
      `Copy what no backup has, save dmesg, and check the disks under the pool: ${stackCommand(pool)}. Plan an outage to check the metadata: stop what uses the pool, ${checkMetadata(pool)}. Until then do not extend the pool or create snapshots.`,
    kinds: damagedMetadata,
    kindsOf: damageOf,
    forMs: lastingMs,
    resource: 'metadata',
    message: 'has damaged metadata',
    hostMessage: 'the metadata of a thin pool is damaged',
    isSilent: isKnownToBeBroken,
  }),
  {
    code: 'pool-activation-failed',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolKernelErrors',
    meaning:
      'In the last hour the kernel refused to activate a thin pool, and LVM has activated none since: its volumes cannot be used. If LVM lists exactly one pool that should be active and is not, pool-inactive reports it instead.',
    advice:
      'Find the pool: `lvs -a -o+lv_health_status` lists it as inactive. Find the reason: `journalctl -k -g device-mapper` (a target that is too small, damaged metadata). Fix that, then activate the pool with `lvchange -ay`. Repair it with `lvconvert --repair` only if thin_check finds damage.',
    find: ({ unassignedEvents, takenAt }) => {
      const found = recent(unassignedEvents, [...failedActivation], takenAt, lastingMs);
      return found.length === 0
        ? []
        : [{ summary: `a thin pool could not be activated: ${listKinds(found).replaceAll('_', ' ')}` }];
    },
  },
  messageRule({
    code: 'storage-errors',
    severity: 'warning',
    escalates: true,
    alert: 'ThinPoolKernelErrors',
    meaning:
      'In the last hour the kernel reported errors of a device under the pool, or reads of a volume that failed. Critical: writes are lost because a loop file, a thin disk or a VDO volume under the pool has no space.',
    advice: adviseStorage,
    kinds: [...losingStorage, ...failingStorage],
    forMs: lastingMs,
    message: 'reports errors of its storage',
    hostMessage: 'the storage under a thin pool reports errors',
    severityOf: (events) =>
      events.some(({ kind }) => losingStorage.includes(kind)) ? 'critical' : 'warning',
  }),
  messageRule({
    code: 'operation-refused',
    severity: 'warning',
    alert: 'ThinPoolKernelErrors',
    meaning:
      'In the last hour the kernel refused an operation on the pool: to grow or load it, or to create, delete or activate a volume. A deletion that Docker defers does not count (deferred-deletes).',
    advice: (pool) =>
      `See what was refused: \`journalctl -k -g device-mapper\`. After a failed resize, compare ${isExtendedByLvm(pool) ? `\`lvs -a ${vgOf(pool)}\`` : 'the devices under the pool'} with \`dmsetup table ${deviceOf(pool)}\`. If a device id is in use, the pool and its owner (LVM, Docker, containerd) disagree about which volumes exist.`,
    kinds: [...failedActivation, ...refusedOperation],
    kindsOf: refusedOf,
    hostKinds: refusedOperation,
    forMs: lastingMs,
    message: 'had operations refused by the kernel',
    isSilent: ({ presence }) => presence === 'inactive',
    hostMessage: 'the kernel refused operations on a thin pool',
  }),
];
