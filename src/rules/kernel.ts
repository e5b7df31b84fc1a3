import type { Host } from '../model/host.ts';
import type { EventSum, Pool, Resource } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';
import { type Hit, type PoolHit, poolRule, type Rule } from './rule.ts';

const minuteMs = 60 * secondMs;

/** A message is about now for this long: khungtaskd repeats itself every two minutes, XFS every half. */
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
  'metadata_abort_failed',
  'needs_check_not_set',
];

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

/** Kinds that say that a pool could not be activated. */
export const failedActivation: readonly string[] = ['activation_failed', 'device_too_small'];

/** Kinds that say that the kernel did not do what it was asked to. */
export const refusedOperation: readonly string[] = [
  'grow_refused',
  'message_refused',
  'volume_creation_failed',
  'volume_deletion_failed',
  'volume_activation_failed',
];

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

/** `block_error on sda, sdb; buffer_error on dm-1` */
function listKinds(events: readonly EventSum[]): string {
  const named = events.map(({ kind, devices }) =>
    devices.length === 0 ? kind : `${kind} on ${shorten(devices)}`,
  );
  return named.sort().join('; ');
}

const shown = 4;

function shorten(devices: readonly string[]): string {
  const rest = devices.length - shown;
  return rest > 0 ? `${devices.slice(0, shown).join(', ')} and ${rest} more` : devices.join(', ');
}

/** A rule about kernel messages of these kinds: of each pool, and of the host where they may be about any pool. */
interface MessageRule extends Omit<Rule, 'find'> {
  readonly kinds: readonly string[];
  /** Of the host, where they are others. */
  readonly hostKinds?: readonly string[];
  readonly forMs: number;
  readonly resource?: Resource;
  /** What follows `pool NAME`, before the kinds. */
  readonly says: string;
  /** The same of the host. Absent: what is about no pool is no finding. */
  readonly hostSays?: string;
  readonly isSilent?: (pool: Pool) => boolean;
  readonly severityOf?: (events: readonly EventSum[]) => Rule['severity'];
}

function messageRule({
  kinds,
  hostKinds = kinds,
  forMs,
  resource,
  says,
  hostSays,
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
    judge: (pool, { takenAt }): PoolHit[] => {
      const found = isSilent?.(pool) === true ? undefined : judge(pool.kernelEvents, kinds, takenAt);
      return found === undefined ? [] : [{ says: `${says}: ${found.listed}`, ...found.more }];
    },
  });
  const ofHost = ({ unassignedEvents, takenAt }: Host): Hit[] => {
    const found = hostSays === undefined ? undefined : judge(unassignedEvents, hostKinds, takenAt);
    return found === undefined ? [] : [{ summary: `${hostSays}: ${found.listed}`, ...found.more }];
  };
  return { ...ofPools, find: (host) => [...ofPools.find(host), ...ofHost(host)] };
}

/** Findings about the state say the same, with the same runbook. */
function isKnownToBeBroken({ state, counters, table }: Pool): boolean {
  const isReadOnly = counters?.mode === 'ro' && !table.features.includes('read_only');
  return state === 'failed' || state === 'unreadable' || counters?.needsCheck === true || isReadOnly;
}

/** What the kernel's log says of trouble that has already begun. */
export const kernelRules: readonly Rule[] = [
  messageRule({
    code: 'tasks-hang-in-storage',
    severity: 'critical',
    meaning:
      'In the last five minutes the kernel reported a task that is blocked in the pool, a device under it or a file system on it. On a full pool this is dockerd or a container that cannot be killed.',
    advice:
      'See which task hangs, and where: journalctl -k -g "blocked for more", and /proc/PID/stack. If the pool is full, extend it: tasks that wait for space then continue. Do not kill dockerd.',
    kinds: ['hung_task'],
    forMs: recentMs,
    says: 'has tasks that hang in it',
  }),
  {
    code: 'tasks-hang-unassigned',
    severity: 'warning',
    meaning:
      'In the last five minutes the kernel reported a task that is blocked in a file system or block I/O. Its report does not say on which device, so it may have nothing to do with a thin pool.',
    advice:
      'See which task hangs, and on what: journalctl -k -g "blocked for more", /proc/PID/stack, and ls -l /proc/PID/fd for its files. If they are on a thin volume, act as for the pool.',
    find: ({ unassignedEvents, takenAt, pools }) =>
      pools.length > 0 && recent(unassignedEvents, ['hung_task'], takenAt, recentMs).length > 0
        ? [{ summary: 'tasks hang in storage, on a device that the kernel does not name' }]
        : [],
  },
  messageRule({
    code: 'file-system-errors',
    severity: 'critical',
    meaning:
      'In the last five minutes the kernel reported errors of a file system on a volume of the pool: written data may be lost, or the file system may have shut down or gone read-only.',
    advice:
      'Read dmesg. If the pool is full, extend it first; then unmount, check and mount the file system again.',
    kinds: brokenFileSystem,
    forMs: recentMs,
    says: 'has file systems in trouble',
  }),
  messageRule({
    code: 'metadata-damaged',
    severity: 'critical',
    meaning:
      'In the last hour the kernel met metadata of the pool that is damaged, or that it could not read or write. Without a pool: it did not say of which one. The status may still look healthy; the pool can fail at any time.',
    advice:
      'Copy what no backup has, save dmesg, and check the disks under the metadata: lsblk -s /dev/mapper/NAME_tmeta. Then stop what uses the pool and check it: lvchange -an VG/POOL, and lvchange -ay VG/POOL, which runs thin_check; if that fails, lvconvert --repair VG/POOL. Until then do not extend it or make snapshots.',
    kinds: damagedMetadata,
    forMs: lastingMs,
    resource: 'metadata',
    says: 'has damaged metadata',
    hostSays: 'the metadata of a thin pool is damaged',
    isSilent: isKnownToBeBroken,
  }),
  {
    code: 'pool-activation-failed',
    severity: 'critical',
    meaning:
      'In the last hour the kernel refused to activate a thin pool, which is not there now: nothing on it can be used.',
    advice:
      'Find the pool: lvs -a -o+lv_health_status lists it as inactive. See why: journalctl -k -g device-mapper. A target may be too small, or metadata damaged. Mend that, then activate it: lvchange -ay VG/POOL. Repair it (lvconvert --repair VG/POOL) only if thin_check finds damage.',
    find: ({ unassignedEvents, takenAt }) => {
      const found = recent(unassignedEvents, failedActivation, takenAt, lastingMs);
      return found.length === 0
        ? []
        : [{ summary: `a thin pool could not be activated: ${listKinds(found).replaceAll('_', ' ')}` }];
    },
  },
  messageRule({
    code: 'storage-errors',
    severity: 'warning',
    meaning:
      'In the last hour the kernel reported errors of a device under the pool, or reads of a volume that failed. Critical: writes are lost, as the file system under a loop file, a thin disk or a VDO volume below has no room.',
    advice:
      'Check the device: smartctl -a /dev/DISK, lsblk -s /dev/mapper/POOL, journalctl -k -p err. Move the pool off a bad disk while it can be read: vgextend VG /dev/NEW, pvmove /dev/BAD /dev/NEW. Where there is no room below, make some.',
    kinds: [...losingStorage, ...failingStorage],
    forMs: lastingMs,
    says: 'reports errors of its storage',
    hostSays: 'the storage under a thin pool reports errors',
    severityOf: (events) =>
      events.some(({ kind }) => losingStorage.includes(kind)) ? 'critical' : 'warning',
  }),
  messageRule({
    code: 'operation-refused',
    severity: 'warning',
    meaning:
      'In the last hour the kernel refused to do something with the pool: to grow or load it, or to create, delete or activate a volume.',
    advice:
      'See what was refused: journalctl -k -g device-mapper. After a failed resize, compare lvs -a with dmsetup table. A device id in use: whoever makes the volumes (LVM, Docker, containerd) and the pool disagree about which there are.',
    kinds: [...failedActivation, ...refusedOperation],
    hostKinds: refusedOperation,
    forMs: lastingMs,
    says: 'had operations refused by the kernel',
    hostSays: 'the kernel refused operations on a thin pool',
  }),
];
