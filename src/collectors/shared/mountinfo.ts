import { ParseError } from './errors.ts';

/** The mounts as PID 1 has them: a pod may share the node's processes, not its mounts. */
export const hostMounts = '/proc/1/mountinfo';

/** One mount of a mount namespace (Documentation/filesystems/proc.rst, mountinfo). */
export interface Mount {
  /** `major:minor`. */
  readonly device: string;
  /** What of the file system is mounted: `/`, or a folder of it. */
  readonly root: string;
  readonly mountPoint: string;
  readonly type: string;
  /** The device as it was given to mount. */
  readonly source: string;
  readonly superOptions: readonly string[];
}

/** Throws ParseError. */
export function parseMount(line: string): Mount {
  const fields = line.split(' ').map(unescapeOctal);
  const [, , device, root, mountPoint] = fields;
  const end = fields.indexOf('-', 6);
  const [type, source, superOptions] = end < 0 ? [] : fields.slice(end + 1);
  const isMount = /^\d+ \d+ \d+:\d+ \S+ \/\S* \S+ /.test(line);
  if (
    !isMount ||
    device === undefined ||
    root === undefined ||
    mountPoint === undefined ||
    type === undefined ||
    source === undefined ||
    superOptions === undefined
  )
    throw new ParseError('a line of mountinfo', line);
  return { device, root, mountPoint, type, source, superOptions: superOptions.split(',') };
}

/** As the kernel escapes space, tab, line feed and backslash in mountinfo (fs/proc_namespace.c, mangle). */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
