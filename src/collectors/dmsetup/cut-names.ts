import { ParseError } from '../shared/errors.ts';
import { ownString } from '../shared/lines.ts';
import type { Partly } from '../shared/partly.ts';

/**
 * The lines of an output that names every device of the host, each a record of its own. The kernel lets a name hold line
 * feeds, and dmsetup prints them as they are: such a record is several lines, of which only the last one reads like a
 * record where the name comes first, and only the first one where it comes last. All of them are left out, or the rest of
 * the name would be taken for another device.
 */
export function wholeRecords(
  text: string,
  isRecord: (line: string) => boolean,
  nameComes: 'first' | 'last',
): Partly<string> {
  const lines = text.replace(/\n$/, '').split('\n').map(ownString);
  const groups = nameComes === 'last' ? groupAfter(lines, isRecord) : groupBefore(lines, isRecord);
  const records = groups.flatMap((group) => (group.length === 1 && isRecord(group[0] ?? '') ? group : []));
  const unreadable = groups
    .filter((group) => group.length > 1 || !isRecord(group[0] ?? ''))
    .map((group) => new ParseError('a record in one line', group.join('\n')))
    .filter(({ line }) => line.trim() !== '');
  const [first] = unreadable;
  if (first !== undefined && records.length === 0) throw first;
  return { records, unreadable: unreadable.map(({ message }) => message) };
}

type Groups = readonly (readonly string[])[];

/** Each record with the lines after it that are none. */
function groupAfter(lines: readonly string[], isRecord: (line: string) => boolean): Groups {
  const groups: string[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last === undefined || isRecord(line)) groups.push([line]);
    else last.push(line);
  }
  return groups;
}

/** Each record with the lines before it that are none. */
function groupBefore(lines: readonly string[], isRecord: (line: string) => boolean): Groups {
  const groups: string[][] = [[]];
  for (const line of lines) {
    groups.at(-1)?.push(line);
    if (isRecord(line)) groups.push([]);
  }
  return groups.filter((group) => group.length > 0);
}
