import { deviceNumber, type MessageRule, rule } from './message-rule.ts';

/** `blk_update_request: `, `print_req_error: `, `end_request: `, and nothing since 5.17. */
const request = String.raw`^(?:\w+: )?`;
/** Requests whose failure loses no data. */
const harmless = String.raw`op 0x[0-9a-f]+:\((?:DISCARD|SECURE_ERASE|WRITE_ZEROES|WRITE_SAME)\)`;
const place = String.raw`error, dev (?<name>[^\s,]+), sector \d+`;
/** Ends of a request (kernel block/blk-core.c, blk_errors). */
const failures = [
  'I/O',
  'timeout',
  'recoverable transport',
  'critical target',
  'critical nexus',
  'reservation conflict',
  'critical medium',
  'protection',
  'device offline',
].join('|');

/** Disks, and the devices between them and a pool: loop, RAID, multipath, crypt, cache, VDO. */
export const blockMessages: readonly MessageRule[] = [
  rule(
    'buffer_error',
    /^Buffer I\/O error on dev(?:ice)? (?<name>[^\s,]+), logical block/,
    'A block could not be read or written.',
  ),
  rule(
    'discard_failed',
    new RegExp(`${request}(?:[\\w/]+ )+${place} ${harmless}`),
    'An underlying device rejected a discard or a write of zeros. Harmless.',
  ),
  rule(
    'block_no_space',
    new RegExp(`${request}critical space allocation ${place}`),
    'An underlying device is out of space.',
  ),
  rule(
    'block_error',
    new RegExp(`${request}(?:${failures}) ${place}`),
    'An underlying device failed a request.',
  ),
  rule(
    'disk_error',
    /^sd \d+:\d+:\d+:\d+: \[(?<name>\w+)\] .*(?:Sense Key ?: (?:Medium|Hardware) Error|Unrecovered (?:read|write) error|rejecting I\/O to (?:offline|dead) device)/,
    'A disk reported an error.',
  ),
  rule(
    'disk_error',
    /^(?:nvme (?<name>nvme\d+): (?:controller is down|I\/O (?:tag )?\d+ .*timeout|Abort status|Removing after probe failure|Disabling device after reset failure|failed to set APST feature \(-|resetting controller due to)|(?<plainName>nvme\d+(?:c\d+)?n\d+): .*\(sct 0x)/,
    'A disk reported an error.',
  ),
  rule(
    'loop_write_error',
    /^loop: Write error at byte offset/,
    'The file behind a loop device could not be written; its file system may be full.',
    'loops',
  ),
  rule(
    'raid_disk_failed',
    /^(?:md\/)?raid\w*:.*Disk failure on (?<name>[^\s,]+), disabling device/,
    'A RAID lost a disk.',
    'raids',
  ),
  rule(
    'raid_error',
    /^device-mapper: raid: Failed to read superblock of device at position \d|^(?:md\/)?raid\w*:(?:(?:(?<md>md\d+)|mdX):)? ?(?:(?<name>(?!md)[\w-]+): )?(?:.*unrecoverable I\/O|.*read error (?:not correctable|NOT corrected).*? on (?<plainName>[\w-]+)\)|.*read error (?:not correctable|NOT corrected)|.*(?:not enough operational|cannot start dirty degraded))/,
    'A RAID could not serve a request from its remaining disks.',
    'raids',
  ),
  rule(
    'path_failed',
    /^device-mapper: multipath: (?:\d+:\d+: )?Failing path (?<major>\d{1,10}):(?<minor>\d{1,10})\b/,
    'A path to a multipath device failed.',
  ),
  rule(
    'integrity_error',
    /^device-mapper: (?:crypt|integrity): (?:(?<name>dm-\d+): )?.*(?:INTEGRITY AEAD ERROR|Checksum failed)/,
    'An underlying device found data that does not match its checksum.',
  ),
  rule(
    'cache_error',
    new RegExp(
      `^device-mapper: (?:cache|writecache): ${deviceNumber}(?=.*(?:switching cache to (?:read-only|fail)|failed|aborting|error))`,
    ),
    'An underlying cache reports errors of its metadata or its devices.',
  ),
  rule(
    'vdo_failed',
    /^(?:kvdo\d*|device-mapper: vdo\d*|vdo\d*)\b.*(?:read-only mode|[Uu]nrecoverable error|[Oo]ut of space|No space left)/,
    'A VDO volume is full or read-only.',
    'vdo',
  ),
];
