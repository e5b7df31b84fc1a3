import type { Output } from '../collector.ts';
import { ParseError } from '../shared/errors.ts';
import { ownString, requireWholeLines, textsOf } from '../shared/lines.ts';
import { type Partly, readEach } from '../shared/partly.ts';
import { asNamed, dmsetupFailure } from './command.ts';
import { type DmLine, none, parseDmLine, saysNone } from './line.ts';

/**
 * Must be followed by device names: without one, dmsetup queries every device of the host, and one that hangs would hide
 * all. Without --noflush the kernel commits the pool's metadata for every status (kernel dm-thin.c, pool_status), which on
 * stalled storage hangs every later reader too.
 */
const statusOfNamed = ['dmsetup', 'status', ...asNamed, '--noflush'] as const;

/** A name may begin with a hyphen, as an option does. */
export function statusOf(names: readonly string[]): readonly [string, ...string[]] {
  return [...statusOfNamed, '--', ...names];
}

/** Names per command. Starting one takes the exporter as long as reading the status of a thousand volumes. */
const namesMax = 2000;

/** Linux takes 128 KiB of arguments and environment whatever the limit on the stack is, a pointer for each included (execve(2)). */
const bytesMax = 96 << 10;
const pointerBytes = 8;

export function inBatches(names: readonly string[]): readonly (readonly string[])[] {
  const batches: string[][] = [];
  let batch: string[] = [];
  let bytes = 0;
  for (const name of names) {
    const more = Buffer.byteLength(name) + 1 + pointerBytes;
    if (batch.length === 0 || batch.length === namesMax || bytes + more > bytesMax) {
      batch = [];
      bytes = 0;
      batches.push(batch);
    }
    batch.push(name);
    bytes += more;
  }
  return batches;
}

/**
 * Reads the output for each named device. A device that has vanished is an error on stderr; the others are still printed. A
 * line of any other device is left out. A line that is the same as in the output before is not parsed again: of the status of
 * thousands of volumes most lines are.
 */
export function readerOf<Status>(
  names: readonly string[],
  parse: (line: DmLine, name: string) => Status,
): (output: Output) => Partly<Status> {
  const asked = new Set(names);
  let before: readonly Read<Status>[] = [];
  return (output) => {
    if (output.exitCode !== 0 && output.stdout === '') throw dmsetupFailure(output);
    requireWholeLines(output.stdout);
    if (saysNone(output.stdout)) return none;
    const now: Read<Status>[] = [];
    const { records, unreadable } = readEach(textsOf(output.stdout), (text) => {
      const known = before[now.length];
      if (known?.text === text) {
        now.push(known);
        return known;
      }
      const own = ownString(text);
      const read: Read<Status> = { text: own, statuses: [] };
      now.push({ ...read, text: undefined });
      const line = parseDmLine(own);
      if (line !== undefined) read.statuses.push(parse(line, nameOf(line, names, asked)));
      now[now.length - 1] = read;
      return read;
    });
    before = now;
    return { records: records.flatMap(({ statuses }) => statuses), unreadable };
  };
}

/** A line and what it says: nothing of a device without a table. Without its text it could not be read. */
interface Read<Status> {
  readonly text: string | undefined;
  readonly statuses: Status[];
}

/** As `readerOf`, once. */
export function readNamed<Status>(
  output: Output,
  names: readonly string[],
  parse: (line: DmLine, name: string) => Status,
): Partly<Status> {
  return readerOf(names, parse)(output);
}

/** dmsetup omits the name if only one device was given. */
function nameOf(line: DmLine, names: readonly string[], asked: ReadonlySet<string>): string {
  const [only] = names;
  if (line.name === undefined && names.length === 1 && only !== undefined) return only;
  if (line.name === undefined) throw new ParseError('a device name before the status', line.text);
  if (!asked.has(line.name)) throw new ParseError('a device that was asked for', line.text);
  return line.name;
}
