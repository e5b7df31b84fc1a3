import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { messageOf } from '../format/error-message.ts';
import { errnoOf } from './errno.ts';

const randomLength = 6;

/** Removes what killed processes have left in the middle of a replacement. None must be replacing the file now. */
export async function removeLeftovers(path: string): Promise<void> {
  const start = `.${basename(path)}.`;
  const end = new RegExp(`^[0-9a-f]{${2 * randomLength}}\\.tmp$`);
  const names = await readdir(dirname(path)).catch(() => []);
  for (const name of names)
    if (name.startsWith(start) && end.test(name.slice(start.length)))
      await rm(join(dirname(path), name), { force: true }).catch(() => undefined);
}

/**
 * Replaces a file atomically: readers see the old content or the new, even after a crash. The file is world-readable
 * regardless of the umask. Throws an Error that names the file and the reason; the old file is then unchanged.
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  // In the target's directory, because a rename is atomic only within one file system.
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${randomBytes(randomLength).toString('hex')}.tmp`,
  );
  try {
    await writeDown(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new Error(`cannot write ${path}: ${explain(error, path)}`, { cause: error });
  }
}

async function writeDown(path: string, content: string): Promise<void> {
  const file = await open(path, 'wx', 0o644);
  try {
    await file.chmod(0o644);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

function explain(error: unknown, path: string): string {
  const errno = errnoOf(error);
  const directory = dirname(path);
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: existsSync(directory)
      ? `no file can be created in ${directory}`
      : `directory ${directory} does not exist`,
    ENOTDIR: `${directory} is not a directory`,
    EACCES: `no permission to write in ${directory}`,
    EPERM: `no permission to write in ${directory}`,
    EROFS: `${directory} is on a read-only file system`,
    EISDIR: 'it is a directory',
    ENOSPC: 'no space left',
  };
  const reason = errno === undefined ? undefined : reasons[errno];
  return reason ?? messageOf(error);
}
