import { constants } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../format/error-message.ts';
import { errnoOf } from './errno.ts';

/** A directory that is written once, and that no other user can read or change. */
export interface NewDirectory {
  /** Writes a new file, mode 0600; its folder is created if needed. Throws if it exists. */
  readonly write: (folder: string | undefined, file: string, content: string) => Promise<void>;
  /** Removes what was written, and the directory if it was created. Throws an Error that names what is left. */
  readonly discard: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * Creates a directory, mode 0700; one that exists must be empty, and must belong to this user alone. Everything is then reached
 * through the open directory, not through its path: a user who may change a directory above cannot redirect the writes of root.
 * Throws an Error that says what is wrong with the path.
 */
export async function createDirectory(path: string): Promise<NewDirectory> {
  const absolute = resolve(path);
  await refuseLinksOfOthers(absolute, path);
  const isNew = await make(absolute, path);
  const handle = await openOwn(absolute, path);
  const inside = `/proc/self/fd/${handle.fd}`;
  try {
    await refuseContent(inside, path);
  } catch (error) {
    await handle.close();
    throw error;
  }
  const folders = new Set<string>();
  return {
    write: async (folder, file, content) => {
      const at = folder === undefined ? inside : join(inside, folder);
      if (folder !== undefined && !folders.has(folder)) {
        await mkdir(at, { mode: 0o700 });
        folders.add(folder);
      }
      await writeNew(join(at, file), content);
    },
    discard: async () => {
      try {
        for (const name of await readdir(inside)) await rm(join(inside, name), { recursive: true });
        await handle.close();
        if (isNew) await rmdir(absolute);
      } catch (error) {
        throw new Error(`${path} is incomplete and could not be removed (${explain(error)}): remove it`, {
          cause: error,
        });
      }
    },
    close: () => handle.close(),
  };
}

async function writeNew(path: string, content: string): Promise<void> {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;
  const file = await open(path, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    await file.writeFile(content);
  } finally {
    await file.close();
  }
}

/** In a directory that others may write in, a link of theirs decides where the path leads. */
async function refuseLinksOfOthers(absolute: string, path: string): Promise<void> {
  const own = [0, process.geteuid?.()];
  for (let at = dirname(absolute); at !== '/'; at = dirname(at)) {
    const found = await lstat(at).catch(() => undefined);
    if (found?.isSymbolicLink() === true && !own.includes(found.uid))
      throw new Error(`cannot create directory ${path}: ${at} is a symbolic link of another user`);
  }
}

/** False if it exists. */
async function make(absolute: string, path: string): Promise<boolean> {
  try {
    // Not recursive: it would never end in /proc.
    await mkdir(absolute, { mode: 0o700 });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw new Error(`cannot create directory ${path}: ${await whyNot(error, dirname(absolute))}`, {
      cause: error,
    });
  }
}

async function whyNot(error: unknown, parent: string): Promise<string> {
  const errno = errnoOf(error);
  if (errno === 'ENOTDIR') return `${parent} is not a directory`;
  if (errno !== 'ENOENT') return `${explain(error)} in ${parent}`;
  const isThere = (await lstat(parent).catch(() => undefined)) !== undefined;
  return isThere ? `no directory can be created in ${parent}` : `${parent} does not exist`;
}

async function openOwn(absolute: string, path: string): Promise<FileHandle> {
  const refuse = (why: string, cause?: unknown) => new Error(`cannot write in ${path}: ${why}`, { cause });
  const found = await lstat(absolute);
  if (found.isSymbolicLink()) throw refuse('it is a symbolic link; name the directory itself');
  if (!found.isDirectory()) throw refuse('it exists and is not a directory');
  const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;
  const handle = await open(absolute, O_RDONLY | O_DIRECTORY | O_NOFOLLOW).catch((error: unknown) => {
    throw refuse(explain(error), error);
  });
  const { uid, mode } = await handle.stat();
  const why =
    uid !== process.geteuid?.()
      ? 'it belongs to another user'
      : (mode & 0o022) !== 0
        ? 'other users may write in it'
        : undefined;
  if (why === undefined) return handle;
  await handle.close();
  throw refuse(`${why}; choose a new directory`);
}

/** Old files mixed with new ones would be a host that never existed. */
async function refuseContent(inside: string, path: string): Promise<void> {
  const there = await readdir(inside);
  if (there.length > 0)
    throw new Error(
      `${path} is not empty (${there.slice(0, 3).join(', ')}): choose a new or empty directory`,
    );
}

function explain(error: unknown): string {
  // Root lacks no permission: it is the file system, such as /sys, that refuses.
  const denied = process.geteuid?.() === 0 ? 'the file system does not allow it' : 'no permission';
  const reasons: Readonly<Record<string, string>> = {
    EACCES: denied,
    EPERM: denied,
    EROFS: 'the file system is read-only',
    ENOSPC: 'no space left',
    EDQUOT: 'the disk quota is used up',
    ENAMETOOLONG: 'the name is too long',
    EIO: 'input/output error',
  };
  return reasons[errnoOf(error) ?? ''] ?? messageOf(error);
}
