import type { DeviceNumber, DmDevice } from '../../model/facts.ts';
import { ParseError } from '../shared/errors.ts';
import { ownString } from '../shared/lines.ts';
import { parseWhole, readWhole } from '../shared/number.ts';
import { type Partly, readEach } from '../shared/partly.ts';
import { asNamed } from './command.ts';
import { wholeRecords } from './cut-names.ts';
import { none, saysNone } from './line.ts';

/** The columns. The name is last, because only it may contain the separator. */
const infoColumns = ['major', 'minor', 'attr', 'open', 'events', 'uuid', 'name'] as const;
const infoSeparator = '|';

export const infoOfAll: readonly [string, ...string[]] = [
  'dmsetup',
  'info',
  ...asNamed,
  '-c',
  '--noheadings',
  '--separator',
  infoSeparator,
  '-o',
  infoColumns.join(','),
];

/** Rows of `dmsetup info -c --noheadings --separator '|'` with `infoColumns` (man dmsetup, info). */
export function parseDmInfo(text: string): Partly<DmDevice> {
  if (saysNone(text)) return none;
  const rows = wholeRecords(text, row, 'last');
  const { records, unreadable } = readEach(rows.records, parseRow);
  return { records, unreadable: [...rows.unreadable, ...unreadable] };
}

/** A line that begins with two numbers. */
const row = /^\s*\d+\s*\|\s*\d+\s*\|/;

function parseRow(line: string): DmDevice {
  const cells = line.split(infoSeparator);
  const [major, minor, attr, open, events, uuid] = cells.map((cell) => cell.trim());
  const name = cells.slice(infoColumns.indexOf('name')).join(infoSeparator);
  if (attr === undefined || uuid === undefined || name === '')
    throw new ParseError(`the columns ${infoColumns.join(' ')}`, line);
  const openCount = readWhole(open);
  const eventNumber = readWhole(events);
  return {
    name: ownString(name),
    device: toDeviceNumber(major, minor, line),
    ...parseAttr(attr, line),
    ...(uuid === '' ? {} : { uuid: ownString(uuid) }),
    ...(openCount === undefined ? {} : { openCount }),
    ...(eventNumber === undefined ? {} : { eventNumber }),
  };
}

export function toDeviceNumber(
  major: string | undefined,
  minor: string | undefined,
  line: string,
): DeviceNumber {
  return `${parseWhole(major, 'a major number', line)}:${parseWhole(minor, 'a minor number', line)}`;
}

/** `L` live table, `I` inactive table, `s` suspended, `r`/`w` (lvm2 libdm/dm-tools/dmsetup.c, _dm_info_devstate…). */
function parseAttr(attr: string, line: string): { live: boolean; suspended: boolean } {
  const groups = /^(?<live>[L-])(?<inactive>[I-])(?<suspended>[s-])(?<rights>[rw-])/.exec(attr)?.groups;
  if (groups === undefined) throw new ParseError('device attributes such as L--w', line);
  return { live: groups['live'] === 'L', suspended: groups['suspended'] === 's' };
}
