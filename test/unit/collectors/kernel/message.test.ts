import { describe, expect, it } from 'vitest';
import { createScrambler } from '../../../../src/cli/capture/scramble.ts';
import { kernelMessageKinds, parseKernelMessage } from '../../../../src/collectors/kernel/message.ts';
import { vocabulary } from '../../../../src/collectors/kernel/scrambling.ts';

const pool = { device: '253:2', among: 'pools' };
const somePool = { among: 'pools' };
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
  [
    'device-mapper: thin: 252:4: no free data space available.',
    'mode_out_of_data',
    { device: '252:4', among: 'pools' },
  ],
  ['device-mapper: thin: 253:2: switching pool to read-only mode', 'mode_read_only', pool],
  ['device-mapper: thin: 253:2: switching pool to fail mode', 'mode_fail', pool],
  ['device-mapper: thin: switching pool to failure mode', 'mode_fail', somePool],
  ['device-mapper: thin: No free metadata blocks', 'metadata_full', somePool],
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
    { kernelName: 'dm-1', among: 'pools' },
  ],
  ['device-mapper: space map metadata: unable to allocate new metadata block', 'metadata_no_block', somePool],
  [
    'device-mapper: block manager: btree_node validator check failed for block 17',
    'metadata_damaged',
    somePool,
  ],
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
  ['Buffer I/O error on dev dm-4, logical block 131072, lost sync page write', 'lost_write', dm4],
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
  ['device-mapper: thin: reached low water mark, sending event.', 'low_water_data', somePool],
  ['device-mapper: thin: 253:2: reached low water mark, sending event.', 'low_water_data', pool],
  [
    "device-mapper: thin: 253:2: metadata operation 'dm_pool_alloc_data_block' failed: error = -28",
    'metadata_operation_no_space',
    pool,
  ],
  [
    'device-mapper: thin: process_cell: dm_thin_find_block() failed: error = -15',
    'metadata_lookup_failed',
    somePool,
  ],
  [
    'device-mapper: thin: Creation of new thinly-provisioned device with id 33 failed.',
    'volume_creation_failed',
    somePool,
  ],
  [
    'device-mapper: thin: 253:2: Creation of new snapshot 8 of device 7 failed.',
    'volume_creation_failed',
    pool,
  ],
  ['device-mapper: thin: Deletion of thin device 8 failed.', 'volume_deletion_failed', somePool],
  ['device-mapper: table: 253:2: thin-pool: preresume failed, error = -22', 'activation_failed', pool],
  ['device-mapper: table: 253:2: thin-pool: Invalid block size (-EINVAL)', 'table_refused', pool],
  ['device-mapper: table: 253:2: thin-pool: Error creating metadata object', 'activation_failed', pool],
  [
    "device-mapper: table: 253:6: thin: Couldn't open thin internal device",
    'volume_activation_failed',
    somePool,
  ],
  ['device-mapper: space map metadata: out of metadata space', 'metadata_no_block', somePool],
  ['device-mapper: space map common: dm_tm_shadow_block() failed', 'metadata_call_failed', somePool],
  ['device-mapper: btree spine: node_check failed: blocknr 0 != wanted 1289', 'metadata_damaged', somePool],
  ['device-mapper: btree spine: node_check failed: csum 1 != wanted 2', 'metadata_damaged', somePool],
  [
    'device-mapper: block manager: validator mismatch (old=sm_bitmap vs new=btree_node) for block 14',
    'metadata_damaged',
    somePool,
  ],
  [
    'device-mapper: block manager: superblock validator check failed for block 0',
    'metadata_damaged',
    somePool,
  ],
  [
    'device-mapper: space map common: bitmap_check failed: blocknr 3 != wanted 9',
    'metadata_damaged',
    somePool,
  ],
  [
    'device-mapper: space map common: unable to decrement a reference count below 0',
    'metadata_damaged',
    somePool,
  ],
  ["device-mapper: thin metadata: couldn't read superblock", 'metadata_damaged', somePool],
  ['device-mapper: thin metadata: sb_check failed: magic 0 != wanted 27022010', 'metadata_damaged', somePool],
  ['XFS (dm-4): writeback error on sector 23361815544', 'writeback_error', dm4],
  [
    'XFS (dm-4): page discard on page 00000000972ff934, inode 0x4c0323da, offset 409600.',
    'writeback_error',
    dm4,
  ],
  ['XFS (dm-4): page discard on inode 0x4c0323da, pos 409600.', 'writeback_error', dm4],
  [
    'XFS (dm-4): Metadata CRC error detected at xfs_agf_read_verify+0xde/0x100 [xfs], xfs_agf block 0x1',
    'xfs_corruption',
    dm4,
  ],
  ['XFS (dm-4): log mount/recovery failed: error -5', 'xfs_log_error', dm4],
  ['EXT4-fs (dm-4): This should not happen!! Data will be lost', 'ext4_data_lost', dm4],
  ['EXT4-fs (dm-4): error loading journal', 'ext4_error', dm4],
  ['EXT3-fs error (device dm-4): ext3_get_inode_loc: unable to read inode block', 'ext4_error', dm4],
  ['EXT3-fs (dm-4): error: remounting filesystem read-only', 'ext4_read_only', dm4],
  ['EXT4-fs (dm-4): unable to read superblock', 'superblock_unreadable', dm4],
  ['XFS (dm-4): SB validate failed with error -5.', 'superblock_unreadable', dm4],
  ['XFS (dm-4): SB validate failed with error -22.', 'other_storage', dm4],
  ['FAT-fs (dm-4): unable to read boot sector', 'superblock_unreadable', dm4],
  ['JBD: Detected IO errors while flushing file data on dm-4', 'journal_error', dm4],
  ['BTRFS info (device dm-4): forced readonly', 'btrfs_read_only', dm4],
  ['BTRFS info (device dm-4 state EA): forced readonly', 'btrfs_read_only', dm4],
  ['BTRFS info (device dm-4: state EA): forced readonly', 'btrfs_read_only', dm4],
  ['BTRFS error (device dm-4: state A): Transaction aborted (error -28)', 'btrfs_error', dm4],
  [
    'BTRFS warning (device dm-4): lost page write due to IO error on /dev/mapper/pve-vm--101--disk--0 (-28)',
    'btrfs_write_error',
    dm4,
  ],
  [
    'BTRFS error (device dm-4): bdev /dev/mapper/vg-a errs: wr 1, rd 0, flush 0, corrupt 0, gen 0',
    'btrfs_write_error',
    dm4,
  ],
  [
    'BTRFS error (device dm-4): bdev /dev/dm-4 errs: wr 0, rd 2, flush 0, corrupt 0, gen 0',
    'btrfs_read_error',
    dm4,
  ],
  [
    'BTRFS: error (device dm-4) in btrfs_commit_transaction:2236: errno=-5 IO failure (Error while writing out transaction)',
    'btrfs_write_error',
    dm4,
  ],
  ['BTRFS: error (device dm-4) in __btrfs_free_extent:3069: errno=-2 No such entry', 'btrfs_error', dm4],
  ['BTRFS critical (device dm-4): corrupt leaf: root=2 block=30408704 slot=5', 'btrfs_error', dm4],
  ['BTRFS error (device dm-4): parent transid verify failed on 1 wanted 2 found 3', 'btrfs_error', dm4],
  ['lost page write due to I/O error on dm-4', 'lost_write', dm4],
  ['lost page write due to I/O error on /dev/dm-4', 'lost_write', dm4],
  ['Buffer I/O error on dev dm-4, logical block 1730128, lost async page write', 'lost_write', dm4],
  [
    'Buffer I/O error on dev dm-5, logical block 123, async page read',
    'buffer_error',
    { kernelName: 'dm-5' },
  ],
  ['REISERFS error (device dm-4): vs-5150 search_by_key: invalid format', 'file_system_error', dm4],
  ['OCFS2: ERROR (device dm-4): ocfs2_validate_inode_block: Invalid dinode', 'file_system_error', dm4],
  ['ERROR: (device dm-4): diFree: wmap shows inode already free', 'file_system_error', dm4],
  ['exFAT-fs (dm-4): error, invalid access to FAT (entry 0x0badcafe)', 'file_system_error', dm4],
  ['F2FS-fs (dm-4): Stopped filesystem due to reason: 2', 'file_system_error', dm4],
  [
    'blk_update_request: critical medium error, dev sda, sector 123456789 op 0x0:(READ) flags 0x0 phys_seg 1',
    'block_error',
    { kernelName: 'sda' },
  ],
  ['print_req_error: I/O error, dev sda, sector 5', 'block_error', { kernelName: 'sda' }],
  [
    'critical target error, dev nvme0n1, sector 5 op 0x1:(WRITE) flags 0x800 phys_seg 1 prio class 0',
    'block_error',
    { kernelName: 'nvme0n1' },
  ],
  [
    'critical target error, dev sdb, sector 5 op 0x3:(DISCARD) flags 0x800 phys_seg 1 prio class 0',
    'discard_failed',
    { kernelName: 'sdb' },
  ],
  ['device offline error, dev sdb, sector 5 op 0x0:(READ) flags 0x0', 'block_error', { kernelName: 'sdb' }],
  [
    'sd 0:0:0:0: [sda] tag#5 Add. Sense: Unrecovered read error - auto reallocate failed',
    'disk_error',
    { kernelName: 'sda' },
  ],
  ['sd 0:0:0:0: [sda] tag#5 Sense Key : Medium Error [current] ', 'disk_error', { kernelName: 'sda' }],
  [
    'nvme nvme0: controller is down; will reset: CSTS=0xffffffff, PCI_STATUS=0x10',
    'disk_error',
    { kernelName: 'nvme0' },
  ],
  ['nvme nvme0: failed to set APST feature (-19)', 'disk_error', { kernelName: 'nvme0' }],
  [
    'device-mapper: raid: Failed to read superblock of device at position 1',
    'raid_error',
    { among: 'raids' },
  ],
  ['nvme nvme0: I/O 576 QID 3 timeout, aborting', 'disk_error', { kernelName: 'nvme0' }],
  [
    'nvme0n1: Read(0x2) @ LBA 123, 8 blocks, Unrecovered Read Error (sct 0x2 / sc 0x81) DNR',
    'disk_error',
    { kernelName: 'nvme0n1' },
  ],
  [
    'md/raid1:mdX: Disk failure on dm-5, disabling device.',
    'raid_disk_failed',
    { kernelName: 'dm-5', among: 'raids' },
  ],
  [
    'md/raid:md0: Disk failure on sdb1, disabling device.',
    'raid_disk_failed',
    { kernelName: 'sdb1', among: 'raids' },
  ],
  [
    'md/raid1:md0: sdb1: unrecoverable I/O read error for block 2048',
    'raid_error',
    { kernelName: 'sdb1', among: 'raids' },
  ],
  [
    'md/raid1:md0: unrecoverable I/O read error for block 2048',
    'raid_error',
    { kernelName: 'md0', among: 'raids' },
  ],
  [
    'md/raid:md0: read error not correctable (sector 2048 on sdb1).',
    'raid_error',
    { kernelName: 'sdb1', among: 'raids' },
  ],
  ['md/raid1:mdX: unrecoverable I/O read error for block 2048', 'raid_error', { among: 'raids' }],
  ['device-mapper: multipath: 253:3: Failing path 8:16.', 'path_failed', { device: '8:16' }],
  ['device-mapper: multipath: Failing path 8:16.', 'path_failed', { device: '8:16' }],
  ['device-mapper: crypt: dm-3: INTEGRITY AEAD ERROR, sector 123', 'integrity_error', { kernelName: 'dm-3' }],
  ['device-mapper: cache: 253:5: switching cache to fail mode', 'cache_error', { device: '253:5' }],
  [
    'kvdo1:journalQ: Unrecoverable error, entering read-only mode: VDO Status: Out of space',
    'vdo_failed',
    { among: 'vdo' },
  ],
  ['device-mapper: vdo0:physQ0: VDO volume is now in read-only mode', 'vdo_failed', { among: 'vdo' }],
  ['loop: Write error at byte offset 1032134656, length 4096.', 'loop_write_error', { among: 'loops' }],
];

/** Messages that are about storage, and of which nothing more is known. */
const notJudged: readonly (readonly [message: string, where: object])[] = [
  ['device-mapper: uevent: version 1.0.3', {}],
  ['device-mapper: ioctl: 4.47.0-ioctl (2022-07-28) initialised: dm-devel@redhat.com', {}],
  ['device-mapper: thin: a message of the future', {}],
  ['device-mapper: block manager: recursive lock detected in metadata', {}],
  ['SGI XFS with ACLs, security attributes, realtime, quota, no debug enabled', {}],
  ['XFS (dm-4): Mounting V5 Filesystem', dm4],
  ['XFS (dm-4): Please unmount the filesystem and rectify the problem(s)', dm4],
  ['XFS (dm-4): User initiated shutdown received.', dm4],
  ['XFS (dm-4): xfs_do_force_shutdown(0x2) called from line 1197 of file fs/xfs/xfs_log.c.', dm4],
  ['EXT4-fs (dm-4): mounted filesystem with ordered data mode', dm4],
  // What btrfs counted before is printed again at each mount.
  ['BTRFS info (device dm-4): bdev /dev/dm-4 errs: wr 3, rd 0, flush 0, corrupt 0, gen 0', dm4],
  ['BTRFS info (device dm-4): disk space caching is enabled', dm4],
  // Probing for file systems that are not there.
  ["SQUASHFS error: Can't find a SQUASHFS superblock on dm-4", dm4],
  ['UDF-fs: warning (device dm-4): udf_fill_super: No partition found (2)', dm4],
  ["EXT4-fs (dm-4): couldn't mount as ext3 due to feature incompatibilities", dm4],
  ['Buffer I/O error on Device fd0, etc', {}],
  ['operation not supported error, dev nvme0n1, sector 0 op 0x0:(READ)', { kernelName: 'nvme0n1' }],
  ['systemd[1]: device-mapper: thin: 253:2: switching pool to fail mode', {}],
];

const others: readonly string[] = [
  '',
  'eth0: link up',
  'usb 1-1: new high-speed USB device number 2 using xhci_hcd',
  'task:dockerd         state:D stack:0     pid:434',
  ' schedule+0x33/0x110',
];

describe('a scrambled message', () => {
  const { text } = createScrambler([vocabulary], 'salt');

  it.each([
    ...messages.map(([message, kind, where]) => [message, { kind, ...where }] as const),
    ...notJudged.map(([message, where]) => [message, { kind: 'other_storage', ...where }] as const),
  ])('is of the same kind, and about the same device: %s', (message, expected) => {
    expect(parseKernelMessage(text(message))).toEqual(expected);
  });

  it.each(others)('is about storage no more than before: %s', (message) => {
    expect(parseKernelMessage(text(message))).toBeUndefined();
  });
});

describe('parseKernelMessage', () => {
  it.each(messages)('%s', (message, kind, where) => {
    expect(parseKernelMessage(message)).toEqual({ kind, ...where });
  });

  it.each(notJudged)('knows only that it is about storage: %s', (message, where) => {
    expect(parseKernelMessage(message)).toEqual({ kind: 'other_storage', ...where });
  });

  it.each(others)('has nothing to say about: %s', (message) => {
    expect(parseKernelMessage(message)).toBeUndefined();
  });

  it('knows no device whose number is none', () => {
    expect(
      parseKernelMessage('device-mapper: thin: 9007199254740993254:2: switching pool to fail mode'),
    ).toEqual({ kind: 'other_storage' });
  });

  it('meets every kind in these tests, and documents it once', () => {
    const counted = ['hung_task', 'hung_task_any', 'records_lost', 'other_storage'];
    const met = new Set([...messages.map(([, kind]) => kind), ...counted]);
    expect(kernelMessageKinds.map(({ kind }) => kind).sort()).toEqual([...met].sort());
    for (const { kind, help } of kernelMessageKinds) {
      expect(kind).toMatch(/^[a-z0-9]+(_[a-z0-9]+)*$/);
      expect(help).toMatch(/^(?:[A-Z]|ext4|btrfs).*\.$/);
    }
  });
});
