import type { LogicalVolume, LvmHealth, NoSpacePolicy } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { secondMs } from '../../model/units.ts';
import { ParseError } from '../shared/errors.ts';
import { parseSize, parseWhole, readWhole } from '../shared/number.ts';
import { type Partly, readEach } from '../shared/partly.ts';
import { readAutoactivation } from './autoactivation.ts';
import type { ReportRow } from './report-row.ts';
import { readRoundedSize, roundedSizeField } from './rounded-size.ts';

/**
 * The LVs of an `lvs -a` report with any set of fields. A segment field such as chunk_size prints one row per segment (man
 * lvs): the first row of an LV is used. Throws ParseError.
 */
export function readLogicalVolumes(rows: readonly ReportRow[]): Partly<LogicalVolume> {
  const volumes = new Map<string, LogicalVolume>();
  const { records, unreadable } = readEach(rows, readLogicalVolume);
  for (const volume of records) {
    const identity = volume.lvUuid ?? `${volume.vgName}/${volume.lvName}`;
    if (!volumes.has(identity)) volumes.set(identity, volume);
  }
  return { records: [...volumes.values()], unreadable };
}

function readLogicalVolume(row: ReportRow): LogicalVolume {
  const attributes = attributesOf(row);
  const role = roleOf(row, attributes);
  const thin = role === 'other' ? {} : readThin(row, attributes);
  return {
    vgName: readName(row, 'vg_name'),
    lvName: readName(row, 'lv_name'),
    role,
    ...omitUndefined({
      vgUuid: readUuid(row, 'vg_uuid'),
      lvUuid: readUuid(row, 'lv_uuid'),
      sizeBytes: readBytes(row, 'lv_size'),
      health: healthOf(row, attributes),
      suspended: suspendedOf(attributes),
      profile: nonBlank(row['lv_profile']) ?? nonBlank(row['vg_profile']),
      origin: optionalName(row['origin']),
      active: activeOf(row, attributes),
      skipsActivation: skipsActivation(row, attributes),
      autoactivated: autoactivatedOf(row),
      roundedSize: readRoundedSize(row[roundedSizeField]),
      createdAt: readTime(row['lv_time']),
      unknownSegments: attributes[6] === 'u' || undefined,
    }),
    ...thin,
  };
}

/**
 * By the state letter: `a` active, `-` not, `d` and `i` a device without a live table, X and others: LVM could not find out. A
 * pool of `-` with percentages is in use: only the device that stands for the pool's LV is not there (lvm2 lib/activate/
 * activate.c, lv_info_with_seg_status).
 */
function activeOf(row: ReportRow, attributes: string): boolean | undefined {
  const state = attributes[4] ?? 'X';
  if ('asSmMcC'.includes(state)) return true;
  return '-di'.includes(state) ? nonBlank(row['data_percent']) !== undefined : undefined;
}

function skipsActivation(row: ReportRow, attributes: string): true | undefined {
  const word = nonBlank(row['lv_skip_activation']) ?? '0';
  return attributes[9] === 'k' || !['0', '-1', 'unknown'].includes(word) ? true : undefined;
}

function autoactivatedOf(row: ReportRow): boolean | undefined {
  return readAutoactivation([row['lv_autoactivation'], row['autoactivation'], row['vg_autoactivation']]);
}

/** In seconds, as the query wants it; another form is left unread. */
function readTime(text: string | undefined): number | undefined {
  const seconds = readWhole(text);
  return seconds === undefined ? undefined : seconds * secondMs;
}

/** Fields of thin pools and volumes; for other types they have other meanings. */
function readThin(row: ReportRow, attributes: string): Partial<LogicalVolume> {
  return omitUndefined({
    metadataSizeBytes: readBytes(row, 'lv_metadata_size'),
    chunkSizeBytes: readBytes(row, 'chunk_size') || undefined,
    dataPercent: readPercent(row, 'data_percent'),
    metadataPercent: readPercent(row, 'metadata_percent'),
    checkNeeded: checkNeededOf(row, attributes),
    whenFull: lookUp(whenFulls, row['lv_when_full']),
    poolLv: optionalName(row['pool_lv']),
    thinCount: readCount(row, 'thin_count'),
    transactionId: readCount(row, 'transaction_id'),
    monitored: lookUp(monitors, row['seg_monitor']),
    deviceId: readCount(row, 'thin_id'),
  });
}

/** Ten letters and hyphens; eight or nine in older releases (man lvs, lv_attr), and possibly more in future ones. */
function attributesOf(row: ReportRow): string {
  const attributes = row['lv_attr'] ?? '';
  if (!/^[-A-Za-z]{8,16}$/.test(attributes))
    throw new ParseError('lv_attr of 8 to 10 letters', describe(row));
  return attributes;
}

/** `t` is a thin pool, `V` a thin volume. Brackets mark internal parts of other LVs, which are not used as pools. */
function roleOf(row: ReportRow, attributes: string): LogicalVolume['role'] {
  if (row['lv_name']?.startsWith('[')) return 'other';
  if (attributes.startsWith('t')) return 'pool';
  return attributes.startsWith('V') ? 'volume' : 'other';
}

const healthWords: Readonly<Record<string, LvmHealth>> = {
  failed: 'failed',
  out_of_data: 'out_of_data',
  metadata_read_only: 'metadata_read_only',
  partial: 'partial',
  unknown: 'unknown',
};
const healthLetters: Readonly<Record<string, LvmHealth>> = {
  F: 'failed',
  D: 'out_of_data',
  M: 'metadata_read_only',
  p: 'partial',
  X: 'unknown',
};
const whenFulls: Readonly<Record<string, NoSpacePolicy>> = { queue: 'queue', error: 'error' };

/** `pending` is neither; blank for an inactive LV, and for any LV with activation/monitoring=0 (seen: 2.03.16). */
const monitors: Readonly<Record<string, boolean>> = {
  monitored: true,
  'not monitored': false,
  'not enabled': false,
};

/** Words, or numbers with report/binary_values_as_numeric. For a volume it is only in the attributes. */
const checks: Readonly<Record<string, boolean>> = { 'check needed': true, '1': true, '': false, '0': false };

/** A failed thin volume is reported in its attributes only (lvm2 lib/metadata/lv.c, lv_attr_dup_with_info_and_seg_status). */
function healthOf(row: ReportRow, attributes: string): LvmHealth | undefined {
  return lookUp(healthWords, row['lv_health_status']) ?? lookUp(healthLetters, attributes[8]);
}

/** A failed pool's status has no flag, and LVM then prints "no" (seen: 2.03.16): "no" only counts with a usage value. */
function checkNeededOf(row: ReportRow, attributes: string): boolean | undefined {
  if (attributes[4] === 'c' || attributes[4] === 'C') return true;
  const needed = lookUp(checks, row['lv_check_needed']);
  return needed === false && nonBlank(row['data_percent']) === undefined ? undefined : needed;
}

/** s suspended, S an invalid snapshot suspended, C with needs_check, M with a failed merge; X: unknown to LVM. */
function suspendedOf(attributes: string): boolean | undefined {
  const state = attributes[4] ?? 'X';
  return state === 'X' ? undefined : 'sSCM'.includes(state);
}

function lookUp<Value>(table: Readonly<Record<string, Value>>, word: string | undefined): Value | undefined {
  return word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
}

/** Letters, digits and `+_.-` (lvm2 lib/misc/lvm-string.c, validate_name). */
function readName(row: ReportRow, field: string): string {
  const name = withoutBrackets(row[field] ?? '');
  if (!/^[\w+.-]+$/.test(name)) throw new ParseError(`a ${field}`, describe(row));
  return name;
}

function optionalName(text: string | undefined): string | undefined {
  const name = nonBlank(text);
  return name === undefined ? undefined : withoutBrackets(name);
}

function withoutBrackets(name: string): string {
  return name.replace(/^\[(?<hidden>.+)\]$/, '$<hidden>');
}

/** 32 letters and digits, as in a dm UUID; LVM prints them with hyphens. */
function readUuid(row: ReportRow, field: string): string | undefined {
  const uuid = nonBlank(row[field])?.replaceAll('-', '');
  if (uuid !== undefined && !/^[A-Za-z0-9]{32}$/.test(uuid))
    throw new ParseError(`${field} of 32 letters and digits`, describe(row));
  return uuid;
}

function readBytes(row: ReportRow, field: string): number | undefined {
  const size = nonBlank(row[field]);
  return size === undefined ? undefined : parseSize(size, `${field} in bytes`, describe(row));
}

function readCount(row: ReportRow, field: string): number | undefined {
  const count = nonBlank(row[field]);
  return count === undefined ? undefined : parseWhole(count, field, describe(row));
}

/** Also with a decimal comma (LVM respects LC_NUMERIC, even in JSON). Negative means unknown. */
function readPercent(row: ReportRow, field: string): number | undefined {
  const text = nonBlank(row[field]);
  if (text === undefined || /^-1([.,]0+)?$/.test(text)) return undefined;
  const percent = /^\d{1,3}([.,]\d+)?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
  if (!(percent <= 100)) throw new ParseError(`${field} from 0 to 100`, describe(row));
  return percent;
}

function nonBlank(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}

function describe(row: ReportRow): string {
  return Object.entries(row)
    .map(([field, value]) => `${field}=${value}`)
    .join(' ');
}
