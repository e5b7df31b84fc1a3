import { type MessageRule, rule } from './message-rule.ts';

function xfs(kind: string, text: string, help: string): MessageRule {
  return rule(kind, new RegExp(`^XFS \\((?<name>[^)]+)\\): ${text}`), help);
}

/** `BTRFS error (device dm-5): text`, with `BTRFS: error` in some, and `(device dm-5: state EA)` since 5.18, some without that colon. */
function btrfs(kind: string, levels: string, text: string, help: string): MessageRule {
  const device = String.raw`\((?:device )?(?<name>[^):\s]+)[^)]*\)`;
  return rule(kind, new RegExp(`^BTRFS:? (?:${levels}) ${device}:? ${text}`), help);
}

// A journal is named after its device, and its inode where it is inside the file system: `dm-3-8`, once `sda3:8`.
const journal = String.raw`(?<name>dm-\d+|[^\s.]+?)(?:[-:]\d+)?\.?$`;

/** File systems, in whose messages `(dm-3)` is the device that they are on (kernel fs/xfs, fs/iomap, fs/ext4, fs/jbd2, fs/btrfs, fs/buffer.c). */
export const fileSystemMessages: readonly MessageRule[] = [
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
    '(?:xfs_log_force: error -?\\d+ returned|log I/O error|log mount.* failed)',
    'XFS could not write its journal, or was shut down before.',
  ),
  xfs('xfs_write_retried', 'Failing async write on buffer', 'XFS is retrying a failed metadata write.'),
  xfs('xfs_corruption', '.*(?:[Cc]orruption|CRC error|Internal error )', 'XFS found damaged metadata.'),
  rule(
    'writeback_error',
    /^(?:XFS \((?<name>[^)]+)\)|(?<plainName>[\w!-]+)): (?:writeback error on (?:inode|sector)|page discard )/,
    'Data written to a file was lost.',
  ),
  rule(
    'ext4_error',
    /^EXT[34]-fs (?:error \(device (?<name>[^)]+)\)|\((?<plainName>[^)]+)\): (?:error loading journal|failed to open journal))/,
    'ext4 found an error, or its journal has stopped.',
  ),
  rule(
    'ext4_read_only',
    /^EXT[34]-fs \((?<name>[^)]+)\): (?:error: )?[Rr]emounting filesystem read-only/,
    'ext4 no longer accepts writes.',
  ),
  rule(
    'ext4_data_lost',
    /^EXT4-fs \((?<name>[^)]+)\): (?:[Dd]elayed block allocation failed|failed to convert unwritten extents|This should not happen!! Data will be lost)/,
    'Data written to a file was lost.',
  ),
  rule(
    'ext4_write_error',
    /^EXT4-fs (?:warning )?\((?:device )?(?<name>[^)]+)\): (?:ext4_end_bio:|ext4_finish_bio:|I\/O error while writing superblock|previous I\/O error to superblock)/,
    'ext4 could not write data or its superblock.',
  ),
  // XFS says the same, with other errors, of what it was only tried to mount as XFS.
  rule(
    'superblock_unreadable',
    /^(?:(?:EXT[234]-fs|F2FS-fs|bcachefs|FAT-fs) \((?<name>[^)]+)\): (?:unable to read (?:superblock|boot sector)|[Ee]rror reading superblock)|XFS \((?<plainName>[^)]+)\): SB (?:buffer read failed|(?:read|validate) failed with error -(?:5|74|117)\b))/,
    'A file system could not be mounted because its superblock cannot be read.',
  ),
  rule(
    'journal_aborted',
    new RegExp(`^Aborting journal on device ${journal}`),
    'The journal of ext4 has stopped.',
  ),
  rule(
    'journal_error',
    new RegExp(`^JBD2?: .*[Ee]rrors?\\b.* (?:for|on) ${journal}`),
    'The journal of ext4 could not be written.',
  ),
  btrfs(
    'btrfs_read_only',
    'info|warning|error|critical',
    '(?:.*forced readonly|[Rr]emounting read-write after error is not allowed)',
    'btrfs no longer accepts writes.',
  ),
  btrfs(
    'btrfs_write_error',
    'warning|error|critical',
    '.*(?:lost (?:page|super block) write|errs: wr [1-9]|errs: wr 0, rd \\d+, flush [1-9]|error writing|[Ee]rror while writing)',
    'btrfs could not write.',
  ),
  btrfs(
    'btrfs_read_error',
    'warning|error|critical',
    '.*(?:errs: wr 0|[Rr]ead error corrected|i\\/o error at logical)',
    'btrfs could not read a block or read a wrong one; another copy may have been used.',
  ),
  btrfs(
    'btrfs_error',
    'warning|error|critical',
    "(?:in \\S+:\\d+: errno=|.*(?:abort|csum|checksum|transid|corrupt|bad tree|IO (?:error|failure)|I\\/O error|failed to (?:read|write)|couldn't read|super_?block|super block))",
    'btrfs found an error: a transaction was aborted, or metadata or data is damaged.',
  ),
  rule(
    'lost_write',
    /^(?:Buffer I\/O error on dev(?:ice)? (?<name>[^\s,]+), .*lost (?:a?sync )?page write|lost (?:a?sync )?page write due to (?:I\/O|IO) error on (?<plainName>[^\s,]+))/,
    'A written page never reached the device.',
  ),
  rule(
    'file_system_error',
    /^(?!BTRFS)(?:[A-Za-z][\w-]*:? (?:error|ERROR)|ERROR:) \(device (?<name>[^)]+)\)/,
    'Another file system found an error.',
  ),
  rule(
    'file_system_error',
    /^(?:F2FS-fs|(?:ex)?FAT-fs|EXT2-fs|bcachefs|ntfs3)(?: error)?:? \(?(?<name>[\w/-]+)\)?: (?=.*(?:Stopped filesystem|checkpoint error|[Rr]ead-only|error[ ,:]|emergency))/,
    'Another file system found an error.',
  ),
];
