import type { DeviceNumber } from '../../model/facts.ts';

/** The kind of a kernel message, and its device if the message names one. */
export interface KernelMessage {
  readonly kind: string;
  readonly device?: DeviceNumber;
  readonly kernelName?: string;
}

interface MessageRule {
  readonly kind: string;
  readonly help: string;
  readonly pattern: RegExp;
}

/** Kernels before 3.14 omit the device number of the pool in most messages. */
function thin(kind: string, text: string, help: string): MessageRule {
  const pattern = new RegExp(`^device-mapper: thin: (?:(?<major>\\d{1,10}):(?<minor>\\d{1,10}): )?${text}`);
  return { kind, help, pattern };
}

function xfs(kind: string, text: string, help: string): MessageRule {
  return { kind, help, pattern: new RegExp(`^XFS \\((?<name>[^)]+)\\): ${text}`) };
}

function other(kind: string, pattern: RegExp, help: string): MessageRule {
  return { kind, help, pattern };
}

// A journal is named after its device, and its inode where it is inside the file system: `dm-3-8`, once `sda3:8`.
const journal = String.raw`(?<name>dm-\d+|[^\s.]+?)(?:[-:]\d+)?\.?$`;

/** The first matching rule gives the kind. Messages: kernel dm-thin.c, persistent-data, fs/xfs, fs/ext4, fs/jbd2, block. */
const rules: readonly MessageRule[] = [
  thin(
    'low_water_data',
    'reached low water mark for data device',
    'Free data blocks hit the low water mark.',
  ),
  thin(
    'low_water_metadata',
    'reached low water mark for metadata device',
    'Metadata blocks are nearly exhausted.',
  ),
  thin('mode_write', 'switching pool to write mode', 'The pool accepts writes again.'),
  thin(
    'mode_out_of_data_queueing',
    'switching pool to out-of-data-space \\(queue IO\\)',
    'No data block is free; writes are queued.',
  ),
  thin(
    'mode_out_of_data_erroring',
    'switching pool to out-of-data-space \\(error IO\\)',
    'No data block is free; writes fail.',
  ),
  thin(
    'mode_out_of_data',
    '(?:switching pool to out-of-data-space mode|no free (?:data )?space available)',
    'No data block is free; this kernel version does not report whether writes are queued or fail.',
  ),
  thin(
    'mode_read_only',
    'switching pool to read-only mode',
    'Metadata is full or a metadata operation failed; the pool is read-only.',
  ),
  thin(
    'mode_fail',
    'switching pool to fail(?:ure)? mode',
    'The metadata could not be rolled back; all I/O fails until it is repaired.',
  ),
  thin(
    'metadata_full',
    '(?:No free metadata blocks|Could not get free metadata blocks)',
    'No metadata block is free.',
  ),
  thin('metadata_operation_failed', "metadata operation '[^']*' failed", 'A metadata operation failed.'),
  thin(
    'metadata_aborted',
    'aborting current metadata transaction',
    'The latest changes to the metadata were rolled back.',
  ),
  thin(
    'metadata_abort_failed',
    'failed to abort metadata transaction',
    'The rollback of the metadata failed.',
  ),
  thin(
    'needs_check_not_set',
    "failed to set 'needs_check' flag",
    'The needs_check flag could not be written.',
  ),
  thin(
    'repair_needed',
    'unable to switch pool to write mode until repaired',
    'The pool cannot return to write mode until its metadata is repaired.',
  ),
  thin(
    'grow_refused',
    'unable to grow the (?:data|metadata) device until repaired',
    'The pool cannot be extended until its metadata is repaired.',
  ),
  thin(
    'device_too_small',
    '(?:pool target|metadata device) \\(\\d+ blocks\\) too small',
    'A device of the pool is smaller than its metadata says.',
  ),
  thin('growing_data', 'growing the data device', 'The data device of the pool was extended.'),
  thin('growing_metadata', 'growing the metadata device', 'The metadata device of the pool was extended.'),
  thin(
    'message_refused',
    'unable to service pool target messages',
    'A volume could not be created or deleted because of the mode of the pool.',
  ),
  thin('status_failed', 'dm_\\w+ returned -?\\d+', 'The kernel could not read the counters of the pool.'),
  thin(
    'discard_not_passed',
    'Data device \\((?<name>[^)]+)\\) .*Disabling discard passdown',
    'Discards stop at the pool because its data device does not support matching ones. Harmless.',
  ),
  other(
    'metadata_no_block',
    /^device-mapper: space map metadata: unable to allocate new metadata block/,
    'No metadata block is free; the message does not name the pool.',
  ),
  other(
    'metadata_damaged',
    /^device-mapper: block manager: .*validator check failed for block/,
    'A metadata block has a wrong checksum or location.',
  ),
  xfs(
    'xfs_shutdown',
    '.*(?:Shutting down filesystem|[Ff]ilesystem has been shut down)',
    'XFS shut the file system down; all access fails until it is remounted.',
  ),
  xfs(
    'xfs_no_space',
    'metadata I/O error\\b.* error 28\\b',
    'XFS could not write metadata because the pool is out of space.',
  ),
  xfs('xfs_metadata_error', 'metadata I/O error', 'XFS could not read or write metadata.'),
  xfs(
    'xfs_log_error',
    '(?:xfs_log_force: error -?\\d+ returned|log I/O error)',
    'XFS could not write its journal, or was shut down before.',
  ),
  xfs('xfs_write_retried', 'Failing async write on buffer', 'XFS is retrying a failed metadata write.'),
  xfs('xfs_corruption', '.*(?:[Cc]orruption|Internal error )', 'XFS found damaged metadata.'),
  other(
    'writeback_error',
    /^(?:XFS \((?<name>[^)]+)\)|(?<plainName>[\w!-]+)): writeback error on inode/,
    'Data written to a file was lost.',
  ),
  other(
    'ext4_error',
    /^EXT4-fs error \(device (?<name>[^)]+)\)/,
    'ext4 found an error, or its journal has stopped.',
  ),
  other(
    'ext4_read_only',
    /^EXT4-fs \((?<name>[^)]+)\): Remounting filesystem read-only/,
    'ext4 no longer accepts writes.',
  ),
  other(
    'ext4_data_lost',
    /^EXT4-fs \((?<name>[^)]+)\): (?:[Dd]elayed block allocation failed|failed to convert unwritten extents)/,
    'Data written to a file was lost.',
  ),
  other(
    'ext4_write_error',
    /^EXT4-fs (?:warning )?\((?:device )?(?<name>[^)]+)\): (?:ext4_end_bio:|I\/O error while writing superblock|previous I\/O error to superblock)/,
    'ext4 could not write data or its superblock.',
  ),
  other(
    'journal_aborted',
    new RegExp(`^Aborting journal on device ${journal}`),
    'The journal of ext4 has stopped.',
  ),
  other(
    'journal_error',
    new RegExp(`^JBD2: .*[Ee]rrors?\\b.* (?:for|on) ${journal}`),
    'The journal of ext4 could not be written.',
  ),
  other(
    'buffer_error',
    /^Buffer I\/O error on dev(?:ice)? (?<name>[^\s,]+), logical block/,
    'A block could not be read or written.',
  ),
  other(
    'block_no_space',
    /^(?:\w+: )?critical space allocation error, dev (?<name>[^\s,]+), sector/,
    'An underlying device is out of space.',
  ),
  other(
    'block_error',
    /^(?:\w+: )?(?:I\/O|critical medium|timeout|recoverable transport|critical nexus) error, dev (?<name>[^\s,]+), sector/,
    'An underlying device failed a request.',
  ),
  other(
    'loop_write_error',
    /^loop: Write error at byte offset/,
    'The file behind a loop device could not be written; its file system may be full.',
  ),
];

/** A task blocked for a long time whose stack is in thin pools, file systems on them, or block I/O. */
export const hungTask = 'hung_task';
/** Any task blocked for a long time; the stack that follows shows whether it is also a `hung_task`. */
export const hungTaskAny = 'hung_task_any';
export const recordsLost = 'records_lost';

/** All kinds of events. */
export const kernelMessageKinds: readonly { readonly kind: string; readonly help: string }[] = [
  ...rules.map(({ kind, help }) => ({ kind, help })),
  { kind: hungTask, help: 'A task was blocked for a long time in a thin pool, a file system or block I/O.' },
  { kind: hungTaskAny, help: 'A task was blocked for a long time, for any reason.' },
  { kind: recordsLost, help: 'The kernel overwrote a log record before it was read.' },
];

/** Undefined for messages that do not concern thin pools. */
export function parseKernelMessage(message: string): KernelMessage | undefined {
  for (const { kind, pattern } of rules) {
    const match = pattern.exec(message);
    if (match !== null) return { kind, ...readDevice(match.groups ?? {}) };
  }
  return undefined;
}

function readDevice(groups: Readonly<Record<string, string | undefined>>): Omit<KernelMessage, 'kind'> {
  const { major, minor, name, plainName } = groups;
  const kernelName = name ?? plainName;
  if (major !== undefined && minor !== undefined) return { device: `${Number(major)}:${Number(minor)}` };
  return kernelName === undefined ? {} : { kernelName };
}
