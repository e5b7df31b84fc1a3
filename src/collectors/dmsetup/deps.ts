import type { DmDependencies } from '../../model/facts.ts';
import { ParseError } from '../shared/errors.ts';
import { ownString } from '../shared/lines.ts';
import { type Partly, readEach } from '../shared/partly.ts';
import { wholeRecords } from './cut-names.ts';
import { none, saysNone } from './line.ts';

// As in status lines, a name may contain anything: the last ": " before the words is the separator.
const line = /^(?<name>.*): (?<count>\d+) dependencies\s*:(?<devices>(?: \(\d{1,10}, \d{1,10}\))*)\s*$/s;

/** Lines of `dmsetup deps` of all devices: `name: 2 dependencies : (254, 4) (254, 2)` (lvm2 dmsetup.c, _deps). */
export function parseDmDependencies(text: string): Partly<DmDependencies> {
  if (saysNone(text)) return none;
  const lines = wholeRecords(text, / dependencies\s*:/, 'first');
  const { records, unreadable } = readEach(lines.records, parseLine);
  return { records, unreadable: [...lines.unreadable, ...unreadable] };
}

function parseLine(text: string): DmDependencies {
  const groups = line.exec(text)?.groups;
  if (groups?.['name'] === undefined) throw new ParseError('"name: N dependencies : (major, minor) …"', text);
  const pairs = [...(groups['devices'] ?? '').matchAll(/\((\d+), (\d+)\)/g)];
  if (pairs.length !== Number(groups['count']))
    throw new ParseError('as many devices as were announced', text);
  return {
    name: ownString(groups['name']),
    devices: pairs.map(([, major, minor]) => `${Number(major)}:${Number(minor)}` as const),
  };
}
