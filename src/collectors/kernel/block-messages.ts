import { deviceNumber, type MessageRule, rule } from './message-rule.ts';

/** `blk_update_request: `, `print_req_error: `, `end_request: `, and nothing since 5.17. */
const request = String.raw`^(?:\w+: )?`;
/** What nobody loses anything by. */
const harmless = String.raw`op 0x[0-9a-f]+:\((?:DISCARD|SECURE_ERASE|WRITE_ZEROES|WRITE_SAME)\)`;
const place = String.raw`error, dev (?<name>[^\s,]+), sector \d+`;
/** The words of the states in which a request may end (kernel block/blk-core.c, blk_errors). */
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

/** Disks, and what lies between them and a pool: loop, RAID, multipath, crypt, cache, VDO. */
export const blockMessages: readonly MessageRule[] = [
  rule(
    'buffer_error',
    /^Buffer I\/O error on dev(?:ice)? (?<name>[^\s,]+), logical block/,
    'A block could not be read or written.',
  ),
  rule(
    'discard_failed',
    new RegExp(`${request}(?:[\\w/]+ )+${place} ${harmless}`),
    'A device below took no discard, or no write of zeros. Harmless.',
  ),
  rule(
    'block_no_space',
    new RegExp(`${request}critical space allocation ${place}`),
    'A device below has no room for a write.',
  ),
  rule('block_error', new RegExp(`${request}(?:${failures}) ${place}`), 'A device below failed a request.'),
  rule(
    'disk_error',
    /^sd \d+:\d+:\d+:\d+: \[(?<name>\w+)\] .*(?:Sense Key ?: (?:Medium|Hardware) Error|Unrecovered (?:read|write) error|rejecting I\/O to (?:offline|dead) device)/,
    'A disk reported an error of its own.',
  ),
  rule(
    'disk_error',
    /^(?:nvme (?<name>nvme\d+): (?:controller is down|I\/O (?:tag )?\d+ .*timeout|Abort status|Removing after probe failure|Disabling device after reset failure|failed to set APST|resetting controller due to)|(?<plainName>nvme\d+(?:c\d+)?n\d+): .*\(sct 0x)/,
    'A disk reported an error of its own.',
  ),
  rule(
    'loop_write_error',
    /^loop: Write error at byte offset/,
    'A file under a loop device could not be written: its file system may be full.',
    'loops',
  ),
  rule(
    'raid_disk_failed',
    /^(?:md\/)?raid\w*:.*Disk failure on (?<name>[^\s,]+), disabling device/,
    'A disk fell out of a RAID.',
    'raids',
  ),
  rule(
    'raid_error',
    /^(?:md\/)?raid\w*:(?:(?:(?<md>md\d+)|mdX):)? ?(?:(?<name>(?!md)[\w-]+): )?(?:.*unrecoverable I\/O|.*read error (?:not correctable|NOT corrected).*? on (?<plainName>[\w-]+)\)|.*read error (?:not correctable|NOT corrected)|.*(?:not enough operational|cannot start dirty degraded))/,
    'A RAID could not serve a request from what is left of it.',
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
    'A device below found data that does not match its checksum.',
  ),
  rule(
    'cache_error',
    new RegExp(
      `^device-mapper: (?:cache|writecache): ${deviceNumber}(?=.*(?:switching cache to (?:read-only|fail)|failed|aborting|error))`,
    ),
    'A cache below has trouble with its metadata or its devices.',
  ),
  rule(
    'vdo_failed',
    /^(?:kvdo\d*|device-mapper: vdo\d*|vdo\d*)\b.*(?:read-only mode|[Uu]nrecoverable error|[Oo]ut of space|No space left)/,
    'A VDO volume is full, or went read-only.',
    'vdo',
  ),
];
