import { deviceNumber, type MessageRule, rule } from './message-rule.ts';

function thin(kind: string, text: string, help: string): MessageRule {
  return rule(kind, new RegExp(`^device-mapper: thin: ${deviceNumber}${text}`), help, 'pools');
}

/** Thin pools and the libraries of their metadata (kernel dm-thin.c, dm-thin-metadata.c, persistent-data). */
export const thinPoolMessages: readonly MessageRule[] = [
  thin(
    'low_water_data',
    'reached low water mark(?: for data device|, sending event)',
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
  thin(
    'metadata_operation_no_space',
    "metadata operation '[^']*' failed: error = -28\\b",
    'A metadata operation failed because no metadata block is free.',
  ),
  thin(
    'metadata_operation_failed',
    "metadata operation '[^']*' failed",
    'A metadata operation failed; the pool goes read-only and needs a check.',
  ),
  thin(
    'metadata_lookup_failed',
    '\\w+: dm_\\w+\\(\\) failed',
    'A block could not be looked up in the metadata; that read or write failed.',
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
  thin(
    'volume_creation_failed',
    '(?:Creation of new (?:thinly-provisioned device|snapshot) .*failed|dm_pool_create_(?:thin|snap) returned -?\\d+)',
    'A thin volume or snapshot could not be created: its device id may be in use.',
  ),
  thin('volume_deletion_failed', 'Deletion of thin device .*failed', 'A thin volume could not be deleted.'),
  thin('status_failed', 'dm_\\w+ returned -?\\d+', 'The kernel could not read the counters of the pool.'),
  thin(
    'discard_not_passed',
    'Data device \\((?<name>[^)]+)\\) .*Disabling discard passdown',
    'Discards stop at the pool because its data device does not support matching ones. Harmless.',
  ),
  rule(
    'metadata_no_block',
    /^device-mapper: space map metadata: (?:unable to allocate new metadata block|out of metadata space)/,
    'No metadata block is free; the message does not name the pool.',
    'pools',
  ),
  rule(
    'metadata_call_failed',
    /^device-mapper: (?:btree(?: spine)?|space map(?: \w+)?|transaction manager|array|thin metadata): \w+\(\) failed/,
    'A step of a metadata operation failed; the result is in another message.',
    'pools',
  ),
  rule(
    'metadata_damaged',
    // These libraries print little else than errors. The negative lookahead excludes those that are no damage.
    /^device-mapper: (?:block manager|btree(?: spine)?|space map(?: \w+)?|transaction manager|array|bitset|thin metadata): (?!.*\b(?:recursive|lock)\b)(?=.*(?:validat|check failed|fail|[Cc]ouldn't|[Cc]ould not|[Uu]nable|error|corrupt|mismatch|below 0|!=))/,
    'Metadata is damaged or cannot be read: a block has a wrong checksum, location or content.',
    'pools',
  ),
  rule(
    'table_refused',
    new RegExp(
      `^device-mapper: table: ${deviceNumber}thin-pool: (?:Invalid|Unrecognised|Not enough|Metadata device already in use)`,
    ),
    'A table of a thin pool is invalid; the command that loaded it failed.',
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
