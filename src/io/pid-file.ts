import { readFile } from 'node:fs/promises';
import { Denied } from '../collectors/shared/errors.ts';
import { errnoOf, isDenial } from './errno.ts';

/** No process: the PID file or the process does not exist (ESRCH: it exited while it was read). */
const absences: readonly string[] = ['ENOENT', 'ENOTDIR', 'ESRCH'];

/**
 * The `/proc/PID/stat` of the process that a PID file names; empty if there is no such file or process, or no number in
 * the file. The PID may have been reused: the parser checks the process name. Throws Denied.
 */
export async function readProcessStat(pidFile: string, proc = '/proc'): Promise<string> {
  const pid = (await readIfThere(pidFile)).trim();
  if (!/^[1-9]\d{0,9}$/.test(pid)) return '';
  return readIfThere(`${proc}/${pid}/stat`);
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isDenial(error)) throw new Denied(`no permission to read ${path}`);
    const errno = errnoOf(error);
    if (errno !== undefined && absences.includes(errno)) return '';
    throw error;
  }
}
