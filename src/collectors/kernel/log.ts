import { omitUndefined } from '../../model/omit-undefined.ts';
import { ParseError } from '../shared/errors.ts';
import { parseWhole } from '../shared/number.ts';

export interface KernelRecord {
  /** Microseconds since boot by the kernel's clock, which stops while the host is suspended. */
  readonly us: number;
  readonly message: string;
}

export interface KernelLogText {
  readonly records: readonly KernelRecord[];
  /** The records' clock at the start of the query; absent in text that did not come from this program. */
  readonly nowUs?: number;
  /** By the same clock: all records were written after this. Absent in the first output, which contains all that the kernel still has. */
  readonly sinceUs?: number;
  /** Records that the kernel overwrote before they were read. */
  readonly lost: number;
}

const header = /^#(?<word>monotonic|since|lost) (?<value>\d+)$/;
// Further fields may come before the semicolon (Documentation/ABI/testing/dev-kmsg).
const kmsgRecord = /^(?<priority>\d{1,10}),\d+,(?<us>\d+),[^;]*;(?<message>.*)$/;
// `dmesg`, also with the calling thread (CONFIG_PRINTK_CALLER) or the level (`dmesg -r`) beside the time.
const dmesgRecord = /^(?:<\d+>)?\[ *(?<seconds>\d+)\.(?<micros>\d{6})\](?:\[ *[TC]\d+\])? ?(?<message>.*)$/;

/**
 * The text of /dev/kmsg or of `dmesg`. Continuation lines (they start with a space) have properties of the device and are
 * not needed. Other lines are ignored if there are records, so that one of them does not discard an output that cannot be
 * read again. Throws ParseError for text without any record.
 */
export function parseKernelLog(text: string): KernelLogText {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith(' '));
  const headers = new Map<string, number>();
  const records: KernelRecord[] = [];
  let oddLine: string | undefined;
  for (const line of lines) {
    const { word, value } = header.exec(line)?.groups ?? {};
    if (word !== undefined) headers.set(word, parseHeader(word, value, line));
    else if (!addRecord(records, line)) oddLine ??= line;
  }
  if (oddLine !== undefined && records.length === 0)
    throw new ParseError(
      'a record "priority,sequence,microseconds,flags;message" or "[seconds] message"',
      oddLine,
    );
  return omitUndefined({
    records,
    lost: headers.get('lost') ?? 0,
    nowUs: headers.get('monotonic'),
    sinceUs: headers.get('since'),
  });
}

/** False if the line is not a record. */
function addRecord(records: KernelRecord[], line: string): boolean {
  const kmsg = kmsgRecord.exec(line)?.groups;
  if (kmsg !== undefined) {
    const { us, message } = kmsg;
    if (isFromKernel(kmsg['priority']))
      records.push({ us: parseMicroseconds(us, line), message: unescapeBytes(message ?? '') });
    return true;
  }
  const dmesg = dmesgRecord.exec(line)?.groups;
  if (dmesg === undefined) return false;
  const us = parseMicroseconds(`${dmesg['seconds']}${dmesg['micros']}`, line);
  records.push({ us, message: dmesg['message'] ?? '' });
  return true;
}

function parseHeader(word: string, value: string | undefined, line: string): number {
  return word === 'lost' ? parseWhole(value, `#${word}`, line) : parseMicroseconds(value, line);
}

/** Microseconds since boot: more than 31 years is invalid, and would date messages before 1970. */
function parseMicroseconds(word: string | undefined, line: string): number {
  const us = parseWhole(word, 'microseconds', line);
  if (us >= 1e15) throw new ParseError('microseconds since boot', line);
  return us;
}

/** Programs may write here too, but never with facility 0 (kernel printk.c, devkmsg_write). */
function isFromKernel(priority: string | undefined): boolean {
  return Math.floor(Number(priority) / 8) === 0;
}

/** Bytes that are not printable ASCII, and backslashes, are written as `\xNN` (kernel printk.c, msg_print_ext_body). */
function unescapeBytes(text: string): string {
  if (!text.includes('\\x')) return text;
  const bytes = text.replaceAll(/\\x(?<hex>[0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}
