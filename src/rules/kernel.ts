import type { KernelEvent } from '../model/facts.ts';
import { minuteMs } from '../model/units.ts';
import { poolRule, type Rule } from './rule.ts';

/** A message speaks of now for so long: khungtaskd repeats itself every two minutes, XFS every half. */
const recentMs = 5 * minuteMs;

/** Kinds after which a file system no longer does what its users think it does. */
export const brokenFileSystem: readonly string[] = [
  'xfs_shutdown',
  'xfs_no_space',
  'xfs_metadata_error',
  'xfs_log_error',
  'xfs_write_retried',
  'xfs_corruption',
  'writeback_error',
  'ext4_error',
  'ext4_read_only',
  'ext4_data_lost',
  'ext4_write_error',
  'journal_aborted',
  'journal_error',
];

function recent(events: readonly KernelEvent[], kinds: readonly string[], now: number): KernelEvent[] {
  return events.filter(({ kind, lastAt }) => kinds.includes(kind) && now - lastAt < recentMs);
}

/** What the kernel's log says of trouble that has already begun. */
export const kernelRules: readonly Rule[] = [
  {
    code: 'tasks-hang-in-storage',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolTasksHang',
    meaning:
      'In the last five minutes the kernel reported a task that is blocked in a thin pool, a file system or block I/O. On a full pool this is dockerd or a container that cannot be ended.',
    advice:
      'See which task and where (dmesg, /proc/PID/stack). If a pool is full, extend it: tasks that wait for space go on at once. Do not kill dockerd.',
    find: ({ kernelEvents, takenAt, pools }) =>
      pools.length > 0 && recent(kernelEvents, ['hung_task'], takenAt).length > 0
        ? [{ summary: 'the kernel reports tasks that hang in storage' }]
        : [],
  },
  poolRule({
    code: 'file-system-errors',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolFileSystemErrors',
    meaning:
      'In the last five minutes the kernel reported errors of a file system on a volume of the pool: written data may be lost, or the file system have shut down or gone read-only.',
    advice:
      'Read dmesg. If the pool is full, extend it first; then unmount, check and mount the file system again.',
    judge: ({ kernelEvents }, { takenAt }) => {
      const kinds = recent(kernelEvents, brokenFileSystem, takenAt).map(({ kind }) => kind);
      return kinds.length === 0 ? [] : [{ says: `has file systems in trouble: ${kinds.sort().join(', ')}` }];
    },
  }),
];
