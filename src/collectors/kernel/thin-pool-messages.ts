import { deviceNumber, type MessageRule, rule } from './message-rule.ts';

function thin(kind: string, text: string, help: string): MessageRule {
  return rule(kind, new RegExp(`^device-mapper: thin: ${deviceNumber}${text}`), help, 'pools');
}

/** Thin pools and what they keep their metadata with (kernel dm-thin.c, dm-thin-metadata.c, persistent-data). */
export const thinPoolMessages: readonly MessageRule[] = [
  thin(
    'low_water_data',
    'reached low water mark(?: for data device|, sending event)',
    'Free data blocks are at the low water mark.',
  ),
  thin(
    'low_water_metadata',
    'reached low water mark for metadata device',
    'Free metadata blocks are nearly used up.',
  ),
  thin('mode_write', 'switching pool to write mode', 'The pool takes writes again.'),
  thin(
    'mode_out_of_data_queueing',
    'switching pool to out-of-data-space \\(queue IO\\)',
    'No data block is free, and writes wait.',
  ),
  thin(
    'mode_out_of_data_erroring',
    'switching pool to out-of-data-space \\(error IO\\)',
    'No data block is free, and writes fail.',
  ),
  thin(
    'mode_out_of_data',
    '(?:switching pool to out-of-data-space mode|no free (?:data )?space available)',
    'No data block is free; the kernel is too old to say what becomes of writes.',
  ),
  thin(
    'mode_read_only',
    'switching pool to read-only mode',
    'Metadata is full or a metadata operation failed: nothing new can be written.',
  ),
  thin(
    'mode_fail',
    'switching pool to fail(?:ure)? mode',
    'The metadata could not be rolled back: all I/O fails until it is repaired.',
  ),
  thin(
    'metadata_full',
    '(?:No free metadata blocks|Could not get free metadata blocks)',
    'No metadata block is free.',
  ),
  thin(
    'metadata_operation_no_space',
    "metadata operation '[^']*' failed: error = -28\\b",
    'An operation on the metadata failed, as no metadata block is free.',
  ),
  thin(
    'metadata_operation_failed',
    "(?:metadata operation '[^']*' failed|\\w+: dm_\\w+\\(\\) failed)",
    'An operation on the metadata failed.',
  ),
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
    'The flag that asks for a check could not be written.',
  ),
  thin(
    'repair_needed',
    'unable to switch pool to write mode until repaired',
    'The pool stays as it is until its metadata is checked.',
  ),
  thin(
    'grow_refused',
    'unable to grow the (?:data|metadata) device until repaired',
    'The pool does not grow until its metadata is checked.',
  ),
  thin(
    'device_too_small',
    '(?:pool target|metadata device) \\(\\d+ blocks\\) too small',
    'A device of the pool is smaller than its metadata says.',
  ),
  thin('growing_data', 'growing the data device', 'The pool was given more data blocks.'),
  thin('growing_metadata', 'growing the metadata device', 'The pool was given more metadata blocks.'),
  thin(
    'message_refused',
    'unable to service pool target messages',
    'A volume could not be made or deleted because of the mode of the pool.',
  ),
  thin(
    'volume_creation_failed',
    '(?:Creation of new (?:thinly-provisioned device|snapshot) .*failed|dm_pool_create_(?:thin|snap) returned -?\\d+)',
    'A thin volume or snapshot could not be created: its device id may be in use.',
  ),
  thin('volume_deletion_failed', 'Deletion of thin device .*failed', 'A thin volume could not be deleted.'),
  thin('status_failed', 'dm_\\w+ returned -?\\d+', 'The kernel could not read the numbers of the pool.'),
  thin(
    'discard_not_passed',
    'Data device \\((?<name>[^)]+)\\) .*Disabling discard passdown',
    'Discards end at the pool, as its data device takes none that fit. Harmless.',
  ),
  rule(
    'metadata_no_block',
    /^device-mapper: space map metadata: (?:unable to allocate new metadata block|out of metadata space)/,
    'No metadata block is free, in words that name no pool.',
    'pools',
  ),
  rule(
    'metadata_call_failed',
    /^device-mapper: (?:btree(?: spine)?|space map(?: \w+)?|transaction manager|array|thin metadata): \w+\(\) failed/,
    'A step of an operation on the metadata failed. What came of it is another message.',
    'pools',
  ),
  rule(
    'metadata_damaged',
    // The libraries say little that is no error; what is no damage either is named here.
    /^device-mapper: (?:block manager|btree(?: spine)?|space map(?: \w+)?|transaction manager|array|bitset|thin metadata): (?!.*\b(?:recursive|lock)\b)(?=.*(?:validat|check failed|fail|[Cc]ouldn't|[Cc]ould not|[Uu]nable|error|corrupt|mismatch|below 0|!=))/,
    'Metadata is damaged or cannot be read: a block has a wrong checksum, place or content.',
    'pools',
  ),
  rule(
    'table_refused',
    new RegExp(
      `^device-mapper: table: ${deviceNumber}thin-pool: (?:Invalid|Unrecognised|Not enough|Metadata device already in use)`,
    ),
    'A table of a thin pool was wrong in itself: whoever wrote it was told.',
    'pools',
  ),
  rule(
    'activation_failed',
    new RegExp(`^device-mapper: table: ${deviceNumber}thin-pool: `),
    'A thin pool could not be activated or changed.',
    'pools',
  ),
  rule(
    'volume_activation_failed',
    // The number is that of a volume that is not there.
    /^device-mapper: table: (?:\d+:\d+: )?thin: /,
    'A thin volume could not be activated.',
    'pools',
  ),
];
