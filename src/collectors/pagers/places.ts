import type { Pager } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { ParseError } from '../shared/errors.ts';
import { type Mount, parseMount } from '../shared/mountinfo.ts';
import { type Partly, readEach } from '../shared/partly.ts';
import { processNames, programOf } from './programs.ts';

/** An option of a folder with its value: one argument, or two with a NUL between them. Nothing else of a command line is printed. */
const folderOption = '--?[Ss]torage[.a-zA-Z]*[Pp]ath[=[:cntrl:]]/[^[:cntrl:]]*';

/** The name, the folder option and the mounts of each process. A command line has secrets, so only what matches is printed. */
export function placeCommand(pids: readonly number[]): readonly [string, ...string[]] {
  return [
    'grep',
    '-aoHE',
    ...['-e', `^(${processNames})$`, '-e', folderOption, '-e', '^[0-9]+ [0-9]+ [0-9]+:[0-9]+ /.*'],
    '--',
    ...pids.flatMap((pid) => ['comm', 'cmdline', 'mountinfo'].map((file) => `/proc/${pid}/${file}`)),
  ];
}

/** A line of one of the three files. */
type Line = { readonly pid: string } & (
  | { readonly name: string }
  | { readonly option: string; readonly folder: string }
  | { readonly mount: Mount }
);

/** Which device the data of each process is on, as the process sees its mounts: it may run in a container. */
export function parsePlaces(lines: readonly string[]): Partly<Pager> {
  const { records, unreadable } = readEach(lines, readLine);
  const pids = new Set(records.map(({ pid }) => pid));
  return {
    records: [...pids].flatMap((pid) => placeOf(records.filter((line) => line.pid === pid))),
    unreadable,
  };
}

function readLine(line: string): Line {
  const {
    pid,
    file,
    text = '',
  } = /^\/proc\/(?<pid>\d{1,10})\/(?<file>comm|cmdline|mountinfo):(?<text>.*)$/s.exec(line)?.groups ?? {};
  if (pid === undefined) throw new ParseError('a line of a file in /proc/PID', line);
  if (file === 'comm') return { pid, name: text };
  if (file === 'mountinfo') return { pid, mount: parseMount(text) };
  const { option, folder } = /^(?<option>[^=\0]+)[=\0](?<folder>\/.*)$/s.exec(text)?.groups ?? {};
  if (option === undefined || folder === undefined) throw new ParseError('an option with a folder', line);
  return { pid, option, folder };
}

function placeOf(lines: readonly Line[]): readonly Pager[] {
  const found = lines.flatMap((line) => ('name' in line ? (programOf(line.name) ?? []) : []))[0];
  if (found === undefined) return [];
  const { program, option, folder: usual } = found;
  const given = lines.findLast((line) => 'option' in line && option?.test(line.option) === true);
  const folder = given !== undefined && 'option' in given ? given.folder : undefined;
  const mount = mountOf(
    folder ?? usual,
    lines.flatMap((line) => ('mount' in line ? line.mount : [])),
  );
  return mount === undefined
    ? []
    : [omitUndefined({ program, folder, device: mount.device, source: mount.source })];
}

/** The mount with the longest path over a folder; of those that are mounted over one another, the last. */
function mountOf(folder: string, mounts: readonly Mount[]): Mount | undefined {
  const path = `${folder}/`;
  let found: Mount | undefined;
  for (const mount of mounts) {
    const at = mount.mountPoint === '/' ? '/' : `${mount.mountPoint}/`;
    if (path.startsWith(at) && mount.mountPoint.length >= (found?.mountPoint.length ?? 0)) found = mount;
  }
  return found;
}
