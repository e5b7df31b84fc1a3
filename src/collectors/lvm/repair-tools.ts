import type { RepairSettings, RepairTools } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Output } from '../collector.ts';
import { Exited } from '../shared/errors.ts';

/** How LVM checks and repairs the metadata of pools. All of them are older than `lvmconfig --type full`. */
export const repairSettings = [
  'global/thin_check_executable',
  'global/thin_repair_executable',
  'global/thin_check_options',
] as const;

/** Undefined where nothing of them was printed: it is then not known. */
export function readRepairSettings(settings: ReadonlyMap<string, string>): RepairSettings | undefined {
  const checkOptions = settings.get('thin_check_options');
  const read = omitUndefined({
    checkExecutable: stringsIn(settings.get('thin_check_executable'))?.join(' '),
    repairExecutable: stringsIn(settings.get('thin_repair_executable'))?.join(' '),
    checkOptions: stringsIn(checkOptions),
  });
  return Object.keys(read).length === 0 ? undefined : read;
}

/** `"/usr/sbin/thin_check"`, `""` where it is switched off, `["-q","--clear-needs-check-flag"]` or the same in one string. */
function stringsIn(value: string | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const literals = [...value.matchAll(/"(?<text>[^"]*)"/g)].map(({ groups }) => groups?.['text'] ?? '');
  return literals.flatMap((text) => text.split(/\s+/)).filter((word) => word !== '');
}

/**
 * LVM's daemon is there wherever LVM manages pools. In a container that has its own LVM it is not: what that container lacks says
 * nothing about the host.
 */
const daemonPaths = ['/usr/sbin/dmeventd', '/sbin/dmeventd'] as const;

/** The programs to look for; none where LVM did not name them, or is not to use them. */
export function toolsToFind(settings: RepairSettings | undefined): readonly string[] {
  const tools = [settings?.checkExecutable, settings?.repairExecutable].filter(isAbsolutePath);
  return tools.length === 0 ? [] : [...new Set([...tools, ...daemonPaths])];
}

function isAbsolutePath(path: string | undefined): path is string {
  return path !== undefined && /^\/[^\0\n]+$/.test(path);
}

/** What `stat -c %n` prints: the paths that exist, one a line. It exits with 1 if one does not. */
export function parseRepairTools(
  { stdout, stderr, exitCode }: Output,
  paths: readonly string[],
): RepairTools[] {
  const found = new Set(stdout.split('\n'));
  const others = stderr
    .split('\n')
    .filter((line) => line !== '' && !/No such file or directory|Not a directory/.test(line));
  if (exitCode !== 0 && others.length > 0) throw new Exited(exitCode, stderr);
  if (!daemonPaths.some((path) => found.has(path))) return [];
  return [
    { missing: paths.filter((path) => !found.has(path) && !daemonPaths.some((daemon) => daemon === path)) },
  ];
}
