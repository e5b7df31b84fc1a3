import { ParseError } from '../shared/errors.ts';
import { ownString } from '../shared/lines.ts';
import type { Partly } from '../shared/partly.ts';

/**
 * The lines of an output that names every device of the host, each a record of its own. The kernel lets a name hold line
 * feeds, and dmsetup prints them as they are: such a record is several lines, of which only the last one looks like a
 * record where the name comes first, and only the first one where it comes last. All of them are left out, or the rest of
 * the name would be taken for another device.
 */
export function wholeRecords(
  text: string,
  looksLikeRecord: RegExp,
  nameComes: 'first' | 'last',
): Partly<string> {
  const lines = text.replace(/\n$/, '').split('\n').map(ownString);
  const isRecord = lines.map((line) => looksLikeRecord.test(line));
  if (isRecord.every(Boolean)) return { records: lines, unreadable: [] };
  const records: string[] = [];
  const errors: ParseError[] = [];
  for (const group of groupsOf(isRecord, nameComes)) {
    const [at = 0, ...more] = group;
    const whole = group.map((index) => lines[index]).join('\n');
    if (more.length === 0 && isRecord[at] === true) records.push(whole);
    else if (whole.trim() !== '') errors.push(new ParseError('a record in one line', whole));
  }
  const [first] = errors;
  if (first !== undefined && records.length === 0) throw first;
  return { records, unreadable: errors.map(({ message }) => message) };
}

/** Each record with the lines after it that are none, or before it, by their places. */
function groupsOf(isRecord: readonly boolean[], nameComes: 'first' | 'last'): readonly (readonly number[])[] {
  const groups: number[][] = [[]];
  for (const [at, is] of isRecord.entries()) {
    if (is && nameComes === 'last') groups.push([]);
    groups.at(-1)?.push(at);
    if (is && nameComes === 'first') groups.push([]);
  }
  return groups.filter((group) => group.length > 0);
}
