import { describe, expect, it } from 'vitest';
import { kernelMessageKinds, parseKernelMessage } from '../../../../src/collectors/kernel/message.ts';

const pool = { device: '253:2' };
const dm4 = { kernelName: 'dm-4' };

const messages: readonly (readonly [message: string, kind: string, where: object])[] = [
  [
    'device-mapper: thin: 253:2: reached low water mark for data device: sending event.',
    'low_water_data',
    pool,
  ],
  [
    'device-mapper: thin: 253:2: reached low water mark for metadata device: sending event.',
    'low_water_metadata',
    pool,
  ],
  ['device-mapper: thin: 253:2: switching pool to write mode', 'mode_write', pool],
  [
    'device-mapper: thin: 253:2: switching pool to out-of-data-space (queue IO) mode',
    'mode_out_of_data_queueing',
    pool,
  ],
  [
    'device-mapper: thin: 253:2: switching pool to out-of-data-space (error IO) mode',
    'mode_out_of_data_erroring',
    pool,
  ],
  ['device-mapper: thin: 253:2: switching pool to out-of-data-space mode', 'mode_out_of_data', pool],
  ['device-mapper: thin: 252:4: no free data space available.', 'mode_out_of_data', { device: '252:4' }],
  ['device-mapper: thin: 253:2: switching pool to read-only mode', 'mode_read_only', pool],
  ['device-mapper: thin: 253:2: switching pool to fail mode', 'mode_fail', pool],
  ['device-mapper: thin: switching pool to failure mode', 'mode_fail', {}],
  ['device-mapper: thin: No free metadata blocks', 'metadata_full', {}],
  [
    "device-mapper: thin: 253:2: metadata operation 'dm_pool_commit_metadata' failed: error = -5",
    'metadata_operation_failed',
    pool,
  ],
  ['device-mapper: thin: 253:2: aborting current metadata transaction', 'metadata_aborted', pool],
  ['device-mapper: thin: 253:2: failed to abort metadata transaction', 'metadata_abort_failed', pool],
  ["device-mapper: thin: 253:2: failed to set 'needs_check' flag in metadata", 'needs_check_not_set', pool],
  ['device-mapper: thin: 253:2: unable to switch pool to write mode until repaired.', 'repair_needed', pool],
  ['device-mapper: thin: 253:2: unable to grow the metadata device until repaired.', 'grow_refused', pool],
  ['device-mapper: thin: 253:2: unable to grow the data device until repaired.', 'grow_refused', pool],
  ['device-mapper: thin: 253:2: pool target (100 blocks) too small: expected 200', 'device_too_small', pool],
  ['device-mapper: thin: 253:2: growing the data device from 4096 to 8192 blocks', 'growing_data', pool],
  [
    'device-mapper: thin: 253:2: growing the metadata device from 1024 to 3072 blocks',
    'growing_metadata',
    pool,
  ],
  [
    'device-mapper: thin: 253:2: unable to service pool target messages in READ_ONLY or FAIL mode',
    'message_refused',
    pool,
  ],
  ['device-mapper: thin: 253:2: dm_pool_get_metadata_transaction_id returned -22', 'status_failed', pool],
  [
    'device-mapper: thin: Data device (dm-1) max discard sectors smaller than a block: Disabling discard passdown.',
    'discard_not_passed',
    { kernelName: 'dm-1' },
  ],
  ['device-mapper: space map metadata: unable to allocate new metadata block', 'metadata_no_block', {}],
  ['device-mapper: block manager: btree_node validator check failed for block 17', 'metadata_damaged', {}],
  ['XFS (dm-4): xfs_log_force: error -5 returned.', 'xfs_log_error', dm4],
  ['XFS (dm-4): log I/O error -5', 'xfs_log_error', dm4],
  ['XFS (dm-4): Log I/O Error Detected. Shutting down filesystem', 'xfs_shutdown', dm4],
  [
    'XFS (dm-4): Log I/O Error (0x2) detected at xlog_ioend_work+0x6e/0x70 [xfs] (fs/xfs/xfs_log.c:1378).  Shutting down filesystem.',
    'xfs_shutdown',
    dm4,
  ],
  ['XFS (dm-4): Filesystem has been shut down due to log error (0x2).', 'xfs_shutdown', dm4],
  ['XFS (dm-4): Corruption of in-memory data detected.  Shutting down filesystem', 'xfs_shutdown', dm4],
  [
    'XFS (dm-4): metadata I/O error in "xfs_buf_ioend_handle_error+0x269/0xce0 [xfs]" at daddr 0x5dc08 len 8 error 28',
    'xfs_no_space',
    dm4,
  ],
  [
    'XFS (dm-4): metadata I/O error: block 0x5e070348 ("xfs_trans_read_buf_map") error 117 numblks 8',
    'xfs_metadata_error',
    dm4,
  ],
  [
    'XFS (dm-4): metadata I/O error: block 0x280 ("xfs_buf_iodone_callback_error") error 28 numblks 8',
    'xfs_no_space',
    dm4,
  ],
  ['XFS (dm-4): Failing async write on buffer block 0x10. Retrying async write.', 'xfs_write_retried', dm4],
  [
    'XFS (dm-4): Metadata corruption detected at xfs_dir3_data_read_verify+0x5e/0x110 [xfs], xfs_dir3_data block 0x5e070348',
    'xfs_corruption',
    dm4,
  ],
  [
    'XFS (dm-4): Internal error XFS_WANT_CORRUPTED_GOTO at line 1635 of file fs/xfs/libxfs/xfs_alloc.c.',
    'xfs_corruption',
    dm4,
  ],
  ['XFS (dm-4): writeback error on inode 131, offset 0, sector 1234', 'writeback_error', dm4],
  ['dm-4: writeback error on inode 16708, offset 398209024, sector 913152', 'writeback_error', dm4],
  [
    'EXT4-fs error (device dm-4): ext4_journal_check_start:83: comm dd: Detected aborted journal',
    'ext4_error',
    dm4,
  ],
  ['EXT4-fs error (device dm-4) in ext4_reserve_inode_write:5047: Journal has aborted', 'ext4_error', dm4],
  ['EXT4-fs (dm-4): Remounting filesystem read-only', 'ext4_read_only', dm4],
  [
    'EXT4-fs (dm-4): Delayed block allocation failed for inode 12 at logical offset 0 with max blocks 8 with error 28',
    'ext4_data_lost',
    dm4,
  ],
  [
    'EXT4-fs (dm-4): failed to convert unwritten extents to written extents -- potential data loss!  (inode 12, error -28)',
    'ext4_data_lost',
    dm4,
  ],
  [
    'EXT4-fs warning (device dm-4): ext4_end_bio:343: I/O error 3 writing to inode 12 starting block 100)',
    'ext4_write_error',
    dm4,
  ],
  ['EXT4-fs (dm-4): I/O error while writing superblock', 'ext4_write_error', dm4],
  ['Aborting journal on device dm-4-8.', 'journal_aborted', dm4],
  ['Aborting journal on device dm-4.', 'journal_aborted', dm4],
  ['Aborting journal on device sda3:8.', 'journal_aborted', { kernelName: 'sda3' }],
  ['JBD2: Error -5 detected when updating journal superblock for dm-4-8.', 'journal_error', dm4],
  ['JBD2: I/O error when updating journal superblock for dm-4-8.', 'journal_error', dm4],
  ['JBD2: Detected IO errors while flushing file data on dm-4-45', 'journal_error', dm4],
  ['Buffer I/O error on dev dm-4, logical block 131072, lost sync page write', 'buffer_error', dm4],
  ['Buffer I/O error on device dm-4, logical block 2621438', 'buffer_error', dm4],
  [
    'critical space allocation error, dev loop0, sector 913152 op 0x1:(WRITE) flags 0x4800',
    'block_no_space',
    { kernelName: 'loop0' },
  ],
  ['blk_update_request: critical space allocation error, dev dm-4, sector 1', 'block_no_space', dm4],
  [
    'blk_update_request: I/O error, dev loop0, sector 2015816 op 0x1:(WRITE) flags 0x4000',
    'block_error',
    { kernelName: 'loop0' },
  ],
  ['end_request: I/O error, dev sdc, sector 730081839', 'block_error', { kernelName: 'sdc' }],
  ['I/O error, dev sdb, sector 3909372392 op 0x1:(WRITE) flags 0x800', 'block_error', { kernelName: 'sdb' }],
  ['loop: Write error at byte offset 1032134656, length 4096.', 'loop_write_error', {}],
];

const others: readonly string[] = [
  '',
  'device-mapper: uevent: version 1.0.3',
  'device-mapper: ioctl: 4.47.0-ioctl (2022-07-28) initialised: dm-devel@redhat.com',
  'device-mapper: thin: a message of the future',
  'SGI XFS with ACLs, security attributes, realtime, quota, no debug enabled',
  'XFS (dm-4): Mounting V5 Filesystem',
  'XFS (dm-4): Please unmount the filesystem and rectify the problem(s)',
  'XFS (dm-4): User initiated shutdown received.',
  'XFS (dm-4): xfs_do_force_shutdown(0x2) called from line 1197 of file fs/xfs/xfs_log.c.',
  'EXT4-fs (dm-4): mounted filesystem with ordered data mode',
  'Buffer I/O error on Device fd0, etc',
  'operation not supported error, dev nvme0n1, sector 0 op 0x0:(READ)',
  'systemd[1]: device-mapper: thin: 253:2: switching pool to fail mode',
  'lost page write due to I/O error on dm-4',
];

describe('parseKernelMessage', () => {
  it.each(messages)('%s', (message, kind, where) => {
    expect(parseKernelMessage(message)).toEqual({ kind, ...where });
  });

  it.each(others)('has nothing to say about: %s', (message) => {
    expect(parseKernelMessage(message)).toBeUndefined();
  });

  it('knows no device whose number is none', () => {
    expect(
      parseKernelMessage('device-mapper: thin: 9007199254740993254:2: switching pool to fail mode'),
    ).toBeUndefined();
  });

  it('meets every kind in these tests, and documents it once', () => {
    const counted = ['hung_task', 'hung_task_any', 'records_lost'];
    const met = new Set([...messages.map(([, kind]) => kind), ...counted]);
    expect(kernelMessageKinds.map(({ kind }) => kind).sort()).toEqual([...met].sort());
    for (const { kind, help } of kernelMessageKinds) {
      expect(kind).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
      expect(help).toMatch(/^(?:[A-Z]|ext4).*\.$/);
    }
  });
});
