import { ParseError } from '../shared/errors.ts';
import { linesOf, ownString } from '../shared/lines.ts';
import { parseWhole } from '../shared/number.ts';
import { type Partly, readEach } from '../shared/partly.ts';

/** The prefix that dmsetup prints before a target's own words (lvm2 libdm/dm-tools/dmsetup.c, _status). */
export interface DmLine {
  /** Absent if only one device was given: dmsetup then prints no name. */
  readonly name?: string;
  readonly startSectors: number;
  readonly lengthSectors: number;
  readonly targetType: string;
  readonly words: readonly string[];
  readonly text: string;
}

// Names contain colons, even `a:b: 0 1 thin-pool`: the last ": " before the numbers is the separator,
// which a greedy group finds. The target's words never contain ": ".
const envelope = /^(?:(?<name>.*): )?(?<start>\d+) (?<length>\d+) (?<type>\S+)(?: (?<params>.*))?$/s;
const withoutTable = /^(?<name>.+):\s*$/s;

/** Lines of `dmsetup status` of named devices. A device without a table yields no line; neither does a host without devices. */
export function parseDmLines(text: string): Partly<DmLine> {
  return saysNone(text) ? none : readDmLines(linesOf(text));
}

export function readDmLines(lines: readonly string[]): Partly<DmLine> {
  const { records, unreadable } = readEach(lines, parseDmLine);
  return { records: records.filter((line) => line !== undefined), unreadable };
}

/** What dmsetup prints where there is no device. */
export function saysNone(text: string): boolean {
  return text.trim() === 'No devices found' || text === '';
}

export const none = { records: [], unreadable: [] } as const;

/** What a line looks like that begins with a device's name: tables of thousands of devices are read every few seconds. */
export const namedLine = /: \d+ \d+ \S|:\s*$/;

/** Undefined for a device without a table. Throws ParseError. */
export function parseDmLine(line: string): DmLine | undefined {
  const groups = envelope.exec(line)?.groups;
  if (groups === undefined) {
    if (withoutTable.test(line)) return undefined;
    throw new ParseError('"[name: ]start length target …" of dmsetup', line);
  }
  const { name, start, length, type, params } = groups;
  return {
    ...(name === undefined ? {} : { name: ownString(name) }),
    startSectors: parseWhole(start, 'start sector', line),
    lengthSectors: parseWhole(length, 'length in sectors', line),
    targetType: type ?? '',
    words: (params ?? '').split(/\s+/).filter((word) => word !== ''),
    text: line,
  };
}
