import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

const writableByOthers = 0o022;

/**
 * The file of a program, without symbolic links. Throws unless only root and the user of this process can put another one in
 * its place, or links would have to be trusted each time it is run.
 */
export async function findTrusted(path: string, uid: number): Promise<string> {
  const file = await realpath(path);
  if (!(await stat(file)).isFile()) throw new Error('it is no regular file');
  for (let at = file; ; at = dirname(at)) {
    const { uid: owner, mode } = await stat(at);
    if (owner !== 0 && owner !== uid)
      throw new Error(`${at} belongs to another user; it must belong to root or to the user of the exporter`);
    if ((mode & writableByOthers) !== 0)
      throw new Error(
        `${at} can be written by its group or by everyone; remove that with \`chmod go-w ${at}\``,
      );
    if (at === dirname(at)) break;
  }
  await access(file, constants.X_OK).catch(() => {
    throw new Error(`${file} is not executable for the user of the exporter`);
  });
  return file;
}
