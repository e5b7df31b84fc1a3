import type { Output } from '../collector.ts';
import { ParseError } from '../shared/errors.ts';
import { requireWholeLines } from '../shared/lines.ts';
import { type Partly, readEach } from '../shared/partly.ts';
import { asNamed, dmsetupFailure } from './command.ts';
import { type DmLine, parseDmLines } from './line.ts';

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

/** Maximum number of names per command: at most 128 bytes each, far below the kernel's limit on arguments. */
const batchSize = 500;

export function inBatches(names: readonly string[]): readonly (readonly string[])[] {
  const batches: (readonly string[])[] = [];
  for (let from = 0; from < names.length; from += batchSize)
    batches.push(names.slice(from, from + batchSize));
  return batches;
}

/**
 * The output for each named device. A device that has vanished is an error on stderr; the others are still printed. A line
 * of any other device is left out.
 */
export function readNamed<Status>(
  output: Output,
  names: readonly string[],
  parse: (line: DmLine, name: string) => Status,
): Partly<Status> {
  if (output.exitCode !== 0 && output.stdout === '') throw dmsetupFailure(output);
  requireWholeLines(output.stdout);
  const asked = new Set(names);
  const lines = parseDmLines(output.stdout);
  const { records, unreadable } = readEach(lines.records, (line) => parse(line, nameOf(line, names, asked)));
  return { records, unreadable: [...lines.unreadable, ...unreadable] };
}

/** dmsetup omits the name if only one device was given. */
function nameOf(line: DmLine, names: readonly string[], asked: ReadonlySet<string>): string {
  const [only] = names;
  if (line.name === undefined && names.length === 1 && only !== undefined) return only;
  if (line.name === undefined) throw new ParseError('a device name before the status', line.text);
  if (!asked.has(line.name)) throw new ParseError('a device that was asked for', line.text);
  return line.name;
}
