import { describe, expect, it } from 'vitest';
import {
  continueHungTask,
  endsStack,
  placeOfHungTask,
  startHungTask,
} from '../../../../src/collectors/kernel/hung-task.ts';

const isHungTaskReport = (message: string): boolean => startHungTask(message, 0) !== undefined;

/** Whether the line alone shows that a task hangs in storage. */
function isStorageFrame(line: string): boolean {
  const before = { startedAt: 0, isPoolWorker: false, hasSureFrames: true };
  const after = continueHungTask(before, line);
  return after !== undefined && placeOfHungTask(after) !== undefined;
}

describe('startHungTask', () => {
  it.each([
    'INFO: task dockerd-current:8562 blocked for more than 120 seconds.',
    'INFO: task kworker/u8:1+dm-thin:77 blocked for more than 122 seconds.',
    'INFO: task a b:c:1473 blocked in I/O wait for more than 122 seconds.',
  ])('%s', (message) => expect(isHungTaskReport(message)).toBe(true));

  it('is not any INFO', () => {
    expect(isHungTaskReport('INFO: rcu_sched self-detected stall on CPU')).toBe(false);
  });
});

describe('continueHungTask', () => {
  it.each([
    ' [<ffffffffa02debb1>] xfs_ail_push_all_sync+0xc1/0x110 [xfs]',
    ' dm_wait_for_completion+0x9f/0x120 [dm_mod]',
    ' commit+0x1a/0x90 [dm_thin_pool 0123456789abcdef0123456789abcdef01234567]',
    ' __submit_bio+0x8e/0x1a0',
    ' submit_bio_wait+0x55/0x90',
    ' jbd2_log_wait_commit+0xd7/0x140',
    ' kill_block_super+0x27/0x8b',
    ' xfs_buf_lock.isra.0+0x33/0xf0',
    '__xfs_trans_commit+0x3e/0x3a0',
  ])('%s', (line) => expect(isStorageFrame(line)).toBe(true));

  it.each([
    ' [<ffffffff8168b879>] schedule+0x29/0x70',
    ' [<ffffffffa02c866b>] ? xfs_mru_cache_destroy+0x6b/0x90 [xfs]',
    ' ? xfs_file_read_iter+0x6e/0xd0 [xfs]',
    ' folio_wait_writeback+0x37/0x3e',
    ' nfs_kill_super+0x1e/0x40 [nfs]',
    ' nfs_wait_on_request+0x2b/0x30 [nfs]',
    ' thinking+0x10/0x20',
    'dockerd-current D ffff880228b53c90     0  8562      1 0x00000004',
    'Workqueue: events_unbound async_run_entry_fn',
    ' #0: ffff88810 (&type->s_umount_key){}, at: xfs_fs_put_super+0x1/0x2',
  ])('not %s', (line) => expect(isStorageFrame(line)).toBe(false));
});

describe('endsStack', () => {
  it.each([' </TASK>', '------------[ cut here ]------------', 'NMI backtrace for cpu 0'])('%s', (line) =>
    expect(endsStack(line)).toBe(true),
  );

  it.each([' <TASK>', 'Call Trace:', 'XFS (dm-4): x'])('not %s', (line) =>
    expect(endsStack(line)).toBe(false),
  );
});
