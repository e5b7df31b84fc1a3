import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kernelMessageKinds } from '../../../src/collectors/kernel/message.ts';
import { rules } from '../../../src/rules/evaluate.ts';
import {
  brokenFileSystem,
  damagedMetadata,
  failingStorage,
  losingStorage,
  refusedOperation,
} from '../../../src/rules/kernel.ts';
import { failedActivation } from '../../../src/thinpool/ended-by-activation.ts';
import { ScriptedHost } from '../../support/scripted.ts';

/** A pool whose data is a RAID of a disk and whose metadata is on a loop device, over VDO; and a volume, dm-4. */
const info = [
  '253|0|L--w|1|0||vg-p_tmeta',
  '253|1|L--w|1|0||vg-p_tdata',
  '253|2|L--w|1|0||vg-p',
  '253|4|L--w|1|0||vg-v',
  '253|5|L--w|1|0||vg-p_tdata_rimage_0',
  '253|6|L--w|1|0||vdo',
].join('\n');
const table = [
  'vg-p_tmeta: 0 8192 linear 253:6 2048',
  'vg-p_tdata: 0 819200 raid raid1 3 0 region_size 1024 1 - 253:5',
  'vg-p_tdata_rimage_0: 0 819200 linear 8:3 2048',
  'vdo: 0 819200 vdo V4 7:0 100 4096 32768 16380',
  'vg-p: 0 819200 thin-pool 253:0 253:1 128 0 0',
  'vg-v: 0 80000 thin 253:2 1',
].join('\n');

const alertOf = (code: string): string => rules.find((rule) => rule.code === code)?.alert ?? '';

interface Told {
  readonly code: string;
  readonly severity: string;
  readonly pool: string | undefined;
  readonly alert: string;
}

/** The alerts that are raised after these lines of the kernel log, beside those that need no line. */
async function raisedBy(lines: readonly string[], { hasPool = true } = {}): Promise<readonly Told[]> {
  const host = new ScriptedHost(['devices', 'kmsg']);
  host.outputs.set('devices/info', hasPool ? `${info}\n` : 'No devices found\n');
  host.outputs.set('devices/table', hasPool ? `${table}\n` : 'No devices found\n');
  const log = lines.map((line, at) => `3,${at},${at + 1},-;${line}\n`).join('');
  host.outputs.set('kmsg/log', `#monotonic 1000\n${log}`);
  await host.pass(1);
  host.outputs.set('kmsg/log', '#monotonic 2000\n#since 1000\n');
  await host.pass(6);
  const own = host.monitor
    .current()
    .findings.filter(({ code }) => code !== 'status-unknown' && code !== 'status-stuck');
  return own.map(({ code, severity, pool }) => ({
    code,
    severity,
    pool,
    alert: alertOf(code),
  }));
}

const inPool = (code: string, severity: string): Told => ({
  code,
  severity,
  pool: 'vg-p',
  alert: alertOf(code),
});
const fileSystem = inPool('file-system-errors', 'critical');
const metadata = inPool('metadata-damaged', 'critical');
const storage = inPool('storage-errors', 'warning');
const losing = inPool('storage-errors', 'critical');
const refused = inPool('operation-refused', 'warning');

/** By kind: a line as the kernel writes it. */
const lines: Readonly<Record<string, readonly [line: string, name: Told]>> = {
  xfs_shutdown: ['XFS (dm-4): Filesystem has been shut down due to log error (0x2).', fileSystem],
  xfs_no_space: ['XFS (dm-4): metadata I/O error in "x+0x1" at daddr 0x5 len 8 error 28', fileSystem],
  xfs_metadata_error: ['XFS (dm-4): metadata I/O error in "x+0x1" at daddr 0x5 len 8 error 5', fileSystem],
  xfs_log_error: ['XFS (dm-4): log I/O error -5', fileSystem],
  xfs_write_retried: [
    'XFS (dm-4): Failing async write on buffer block 0x1. Retrying async write.',
    fileSystem,
  ],
  xfs_corruption: ['XFS (dm-4): Metadata CRC error detected at xfs_agf_read_verify+0xde/0x100', fileSystem],
  writeback_error: ['XFS (dm-4): writeback error on sector 23361815544', fileSystem],
  lost_write: ['Buffer I/O error on dev dm-4, logical block 17, lost async page write', fileSystem],
  ext4_error: ['EXT4-fs error (device dm-4): ext4_find_entry:1455: inode #2: comm ls', fileSystem],
  ext4_read_only: ['EXT4-fs (dm-4): Remounting filesystem read-only', fileSystem],
  ext4_data_lost: ['EXT4-fs (dm-4): This should not happen!! Data will be lost', fileSystem],
  ext4_write_error: ['EXT4-fs (dm-4): I/O error while writing superblock', fileSystem],
  journal_aborted: ['Aborting journal on device dm-4-8.', fileSystem],
  journal_error: ['JBD2: Detected IO errors while flushing file data on dm-4-8', fileSystem],
  btrfs_read_only: ['BTRFS info (device dm-4 state EA): forced readonly', fileSystem],
  btrfs_write_error: ['BTRFS error (device dm-4): bdev /dev/dm-4 errs: wr 1, rd 0, flush 0', fileSystem],
  btrfs_error: ['BTRFS critical (device dm-4): corrupt leaf: root=2 block=1 slot=5', fileSystem],
  file_system_error: ['F2FS-fs (dm-4): Stopped filesystem due to reason: 2', fileSystem],
  metadata_damaged: ['device-mapper: btree spine: node_check failed: blocknr 0 != wanted 1289', metadata],
  metadata_operation_failed: [
    "device-mapper: thin: 253:2: metadata operation 'dm_pool_commit_metadata' failed: error = -5",
    metadata,
  ],
  metadata_lookup_failed: [
    'device-mapper: thin: 253:2: process_cell: dm_thin_find_block() failed: error = -15',
    metadata,
  ],
  metadata_abort_failed: ['device-mapper: thin: 253:2: failed to abort metadata transaction', metadata],
  needs_check_not_set: ["device-mapper: thin: 253:2: failed to set 'needs_check' flag in metadata", metadata],
  loop_write_error: ['loop: Write error at byte offset 1032134656, length 4096.', losing],
  block_no_space: ['critical space allocation error, dev loop0, sector 5 op 0x1:(WRITE) flags 0x800', losing],
  vdo_failed: [
    'kvdo0:journalQ: Unrecoverable error, entering read-only mode: VDO Status: Out of space',
    losing,
  ],
  block_error: ['blk_update_request: critical medium error, dev sda, sector 5 op 0x0:(READ)', storage],
  buffer_error: ['Buffer I/O error on dev dm-1, logical block 5, async page read', storage],
  disk_error: ['sd 0:0:0:0: [sda] tag#5 Sense Key : Medium Error [current] ', storage],
  raid_disk_failed: ['md/raid1:mdX: Disk failure on dm-5, disabling device.', storage],
  raid_error: ['md/raid1:mdX: unrecoverable I/O read error for block 2048', storage],
  path_failed: ['device-mapper: multipath: 253:9: Failing path 8:0.', storage],
  integrity_error: ['device-mapper: crypt: dm-5: INTEGRITY AEAD ERROR, sector 123', storage],
  cache_error: ['device-mapper: cache: 253:1: switching cache to fail mode', storage],
  btrfs_read_error: ['BTRFS error (device dm-4): bdev /dev/dm-4 errs: wr 0, rd 2, flush 0', storage],
  superblock_unreadable: ['EXT4-fs (dm-4): unable to read superblock', storage],
  device_too_small: ['device-mapper: thin: 253:2: pool target (100 blocks) too small: expected 200', refused],
  activation_failed: ['device-mapper: table: 253:2: thin-pool: preresume failed, error = -22', refused],
  grow_refused: ['device-mapper: thin: 253:2: unable to grow the data device until repaired.', refused],
  message_refused: [
    'device-mapper: thin: 253:2: unable to service pool target messages in READ_ONLY or FAIL mode',
    refused,
  ],
  volume_creation_failed: [
    'device-mapper: thin: Creation of new thinly-provisioned device with id 33 failed.',
    refused,
  ],
  volume_deletion_failed: ['device-mapper: thin: Deletion of thin device 8 failed.', refused],
  volume_activation_failed: [
    "device-mapper: table: 253:8: thin: Couldn't open thin internal device",
    refused,
  ],
  hung_task: [
    'INFO: task jbd2/dm-4-8:434 blocked for more than 120 seconds.',
    inPool('tasks-hang-in-storage', 'critical'),
  ],
};

const judged = [
  ...[
    brokenFileSystem,
    damagedMetadata,
    [...failedActivation],
    failingStorage,
    losingStorage,
    refusedOperation,
  ],
  ['hung_task'],
].flat();

/** The state of the pool says the same, or there is nothing to do. */
const notJudged = [
  ...['low_water_data', 'low_water_metadata', 'growing_data', 'growing_metadata', 'discard_not_passed'],
  ...['mode_write', 'mode_out_of_data_queueing', 'mode_out_of_data_erroring', 'mode_out_of_data'],
  ...['mode_read_only', 'mode_fail', 'metadata_full', 'metadata_no_block', 'metadata_operation_no_space'],
  ...['metadata_aborted', 'metadata_call_failed', 'repair_needed', 'status_failed', 'table_refused'],
  ...['discard_failed', 'hung_task_any', 'records_lost', 'other_storage'],
];

describe('a line of the kernel log', () => {
  it.each(Object.entries(lines))('of %s raises its alert', async (_, [line, name]) => {
    expect(await raisedBy([line])).toEqual([name]);
  });

  it('is there for every kind that is judged, and every other kind is left out on purpose', () => {
    expect(Object.keys(lines).sort()).toEqual([...judged].sort());
    const kinds = kernelMessageKinds.map(({ kind }) => kind);
    expect(kinds.sort()).toEqual([...judged, ...notJudged].sort());
  });

  it('raises nothing where it is about another device, or nothing is wrong', async () => {
    const quiet = [
      'I/O error, dev sdz, sector 5 op 0x0:(READ)',
      'XFS (sdz1): Filesystem has been shut down due to log error (0x2).',
      'INFO: task jbd2/sdc1-8:434 blocked for more than 120 seconds.',
      'INFO: task nfsd:9 blocked for more than 120 seconds.',
      'critical target error, dev sda, sector 5 op 0x3:(DISCARD) flags 0x800',
      'XFS (dm-4): Mounting V5 Filesystem',
      'device-mapper: thin: 253:2: switching pool to write mode',
      'device-mapper: thin: Data device (dm-1) discard unsupported: Disabling discard passdown.',
    ];
    expect(await raisedBy(quiet)).toEqual([]);
  });

  it('that leaves no pool is about the host', async () => {
    const line = 'device-mapper: thin: 253:4: pool target (1638400 blocks) too small: expected 3276800';
    expect(await raisedBy([line], { hasPool: false })).toEqual([
      {
        code: 'pool-activation-failed',
        severity: 'critical',
        pool: undefined,
        alert: 'ThinPoolKernelErrors',
      },
    ]);
  });

  it('of a task that hangs in storage, in an unknown device, is a warning of the host', async () => {
    const report = [
      'INFO: task dockerd:434 blocked for more than 120 seconds.',
      ' xfs_log_force+0x1/0x2 [xfs]',
    ];
    expect(await raisedBy(report)).toEqual([
      { code: 'tasks-hang-unassigned', severity: 'warning', pool: undefined, alert: 'ThinPoolTasksHang' },
    ]);
  });
});

describe('the runbook of kernel errors', () => {
  const file = new URL('../../../docs/runbooks/ThinPoolKernelErrors.md', import.meta.url);
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const named = rows.flatMap((row) => [...(row.split(' | ')[0] ?? '').matchAll(/`(?<kind>\w+)`/g)]);
  const kinds = named.flatMap(({ groups }) => groups?.['kind'] ?? []);

  it('names the kinds that raise the alert, and no other', () => {
    const own = [
      damagedMetadata,
      [...failedActivation],
      failingStorage,
      losingStorage,
      refusedOperation,
    ].flat();
    expect(kinds.sort()).toEqual(own.sort());
  });
});
