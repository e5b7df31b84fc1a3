import { constants } from 'node:fs';
import { type FileHandle, open, opendir, readlink } from 'node:fs/promises';
import type { PathRead } from '../collectors/collector.ts';
import { Denied } from '../collectors/shared/errors.ts';
import { errnoOf, isDenial } from './errno.ts';

export interface PathBounds {
  /** Trees whose reads go to the kernel's memory: what lies on a disk or a server can keep a reader for ever. */
  readonly roots: readonly string[];
  readonly maxBytes: number;
  readonly maxNames: number;
}

const bounds: PathBounds = { roots: ['/sys/', '/proc/', '/run/'], maxBytes: 64 << 10, maxNames: 4096 };

type Content = string | null | typeof denied;
const denied = Symbol('denied');

/** The process itself is in want, which tells nothing about the path. */
const ownTroubles: readonly string[] = ['EMFILE', 'ENFILE', 'ENOMEM'];

/**
 * Reads small files, links and directories into a JSON object from path to content, null where there is none.
 * A path that we may not read counts as none beside others that we may: one closed attribute must not hide its
 * neighbours. Where every path that is there is closed, nothing was learnt for want of rights: Denied.
 */
export async function readPaths(
  reads: readonly PathRead[],
  given: Partial<PathBounds> = {},
): Promise<string> {
  const limits = { ...bounds, ...given };
  const contents: [string, Content][] = [];
  for (const read of reads) contents.push([read.path, await readPath(read, limits)]);
  const firstDenied = contents.find(([, content]) => content === denied)?.[0];
  const isAnyRead = contents.some(([, content]) => typeof content === 'string');
  if (firstDenied !== undefined && !isAnyRead) throw new Denied(`no permission to read ${firstDenied}`);
  return JSON.stringify(
    Object.fromEntries(contents.map(([path, content]) => [path, content === denied ? null : content])),
  );
}

async function readPath(read: PathRead, limits: PathBounds): Promise<Content> {
  checkPath(read.path, limits.roots);
  try {
    if (read.how === 'link') return await readlink(read.path);
    if (read.how === 'list') return await listNames(read.path, limits.maxNames);
    return await readText(read.path, limits.maxBytes);
  } catch (error) {
    if (isDenial(error)) return denied;
    const errno = errnoOf(error);
    // sysfs answers with whatever error its driver has, mostly for a device that is going away.
    if (errno === undefined || ownTroubles.includes(errno)) throw error;
    return null;
  }
}

/** Paths are put together from names that other programs chose. */
function checkPath(path: string, roots: readonly string[]): void {
  const isClean = !path.includes('\0') && !path.split('/').includes('..');
  if (!isClean || !roots.some((root) => path.startsWith(root)))
    throw new Error(`${JSON.stringify(path)} is not a path below ${roots.join(', ')}`);
}

/** Null for what is larger than it should be: half of a text is a wrong text. */
async function readText(path: string, maxBytes: number): Promise<string | null> {
  // A pipe without a writer would keep a blocking open waiting.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const content = await readUpTo(file, maxBytes + 1);
    return content.length > maxBytes ? null : content.toString('utf8');
  } finally {
    await file.close();
  }
}

/** sysfs files tell a size of 4096 and procfs ones of 0, so only the end of reading tells the length. */
async function readUpTo(file: FileHandle, maxBytes: number): Promise<Buffer> {
  const buffer = Buffer.alloc(maxBytes);
  let length = 0;
  while (length < maxBytes) {
    const { bytesRead } = await file.read(buffer, length, maxBytes - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

async function listNames(path: string, maxNames: number): Promise<string> {
  const names: string[] = [];
  for await (const entry of await opendir(path)) {
    names.push(entry.name);
    if (names.length >= maxNames) break;
  }
  return names.sort().join('\n');
}
