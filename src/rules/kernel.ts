import type { KernelEvent } from '../model/facts.ts';
import { minuteMs } from '../model/units.ts';
import { extendCommand } from './commands.ts';
import { poolRule, type Rule } from './rule.ts';

/** How long a message counts as current: khungtaskd repeats every two minutes, XFS every 30 s. */
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

/** Trouble that the kernel log reports. */
export const kernelRules: readonly Rule[] = [
  {
    code: 'tasks-hang-in-storage',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolTasksHang',
    meaning:
      'In the last five minutes the kernel reported a task that is blocked in a thin pool, a file system or block I/O. On a full pool this is dockerd, or a container that cannot be stopped.',
    advice:
      'Find the task and where it is blocked (dmesg, `cat /proc/PID/stack`). If a pool is full, extend it: tasks that wait for space continue at once. Do not kill dockerd.',
    find: ({ kernelEvents, takenAt, pools }) =>
      pools.length > 0 && recent(kernelEvents, ['hung_task'], takenAt).length > 0
        ? [{ summary: 'the kernel reports tasks that are blocked in storage' }]
        : [],
  },
  poolRule({
    code: 'file-system-errors',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolFileSystemErrors',
    meaning:
      'In the last five minutes the kernel reported errors of a file system on a volume of the pool. Written data may be lost; the file system may have shut down or gone read-only.',
    advice: (pool) =>
      `Read dmesg. If the pool is full, extend it first: ${extendCommand(pool, 'data')}. Then unmount the file system, check it, and mount it again.`,
    judge: ({ kernelEvents }, { takenAt }) => {
      const kinds = recent(kernelEvents, brokenFileSystem, takenAt).map(({ kind }) => kind);
      return kinds.length === 0
        ? []
        : [{ message: `has file systems with errors: ${kinds.sort().join(', ')}` }];
    },
  }),
];
