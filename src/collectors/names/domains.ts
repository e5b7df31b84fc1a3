import type { DomainDisk } from '../../model/facts.ts';
import { joinLvmName } from '../../model/names.ts';
import { ParseError } from '../shared/errors.ts';
import { splitLine } from '../shared/grep.ts';
import { type Partly, readEach } from '../shared/partly.ts';

/** The name and the disks of each domain (libvirt docs/formatdomain.rst), and nothing else of its definition. */
export const domainCommand = [
  'grep',
  '-raHoE',
  '--include=*.xml',
  '-m256',
  ...['-e', '<name>[^<]*</name>', '-e', `<source [^>]*dev=('[^']*'|"[^"]*")`],
  '--',
  '/etc/libvirt/qemu',
] as const;

/** Networks and filters are in folders of their own, and have no disks. */
export function parseDomains(lines: readonly string[]): Partly<DomainDisk> {
  const names = new Map<string, string>();
  const { records, unreadable } = readEach(lines, (line) => readLine(line, names));
  return { records: records.flat(), unreadable };
}

function readLine(line: string, names: Map<string, string>): DomainDisk[] {
  const { file, text } = splitLine(line, '.xml');
  const name = /^<name>(?<name>[^<]{1,255})<\/name>$/.exec(text)?.groups?.['name'];
  const path = /^<source .*dev=['"](?<path>[^'"]+)['"]$/.exec(text)?.groups?.['path'];
  if (name === undefined && path === undefined) throw new ParseError('a name or a source', line);
  if (name !== undefined && !names.has(file)) names.set(file, decode(name));
  const dmName = path === undefined ? undefined : dmNameAt(decode(path));
  const domain = names.get(file);
  return dmName === undefined || domain === undefined ? [] : [{ from: 'libvirt', dmName, domain }];
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replaceAll(/&(?<name>amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? '');
}

/** The dm name of the LV or the device at this path. */
function dmNameAt(path: string): string | undefined {
  const { mapper, vg, lv } =
    /^\/dev\/(?:mapper\/(?<mapper>[^/]+)|(?<vg>[^/]+)\/(?<lv>[^/]+))$/.exec(path)?.groups ?? {};
  if (mapper !== undefined) return mapper;
  return vg === undefined || lv === undefined ? undefined : joinLvmName(vg, lv);
}
