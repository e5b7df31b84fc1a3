import { constants } from 'node:fs';
import { type FileHandle, open, opendir, readlink } from 'node:fs/promises';
import type { PathRead } from '../collectors/collector.ts';
import { Denied } from '../collectors/shared/errors.ts';
import { errnoOf, isDenial } from './errno.ts';

export interface PathBounds {
  /** Trees that the kernel serves from memory: a read from a disk or a server can hang indefinitely. */
  readonly roots: readonly string[];
  readonly maxBytes: number;
  readonly maxNames: number;
  /** The folder that stands for `/`. */
  readonly root: string;
}

const bounds: PathBounds = {
  roots: ['/sys/', '/proc/', '/run/'],
  maxBytes: 64 << 10,
  maxNames: 4096,
  root: '',
};

type Content = string | null | typeof denied;
const denied = Symbol('denied');

/** Errors of this process, not of the path. */
const ownTroubles: readonly string[] = ['EMFILE', 'ENFILE', 'ENOMEM'];

/**
 * Reads small files, links and directories into a JSON object from path to content, null if absent. A path without read
 * permission counts as absent if others can be read: one protected attribute must not hide its neighbours. Throws Denied
 * if none of the existing paths can be read.
 */
export async function readPaths(
  reads: readonly PathRead[],
  overrides: Partial<PathBounds> = {},
): Promise<string> {
  const limits = { ...bounds, ...overrides };
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
    const path = `${limits.root}${read.path}`;
    if (read.how === 'link') return await readlink(path);
    if (read.how === 'list') return await listNames(path, limits.maxNames);
    return await readText(path, read.maxBytes ?? limits.maxBytes);
  } catch (error) {
    if (isDenial(error)) return denied;
    const errno = errnoOf(error);
    // sysfs returns any error that its driver has, mostly for a device that is being removed.
    if (errno === undefined || ownTroubles.includes(errno)) throw error;
    return null;
  }
}

/** Paths are built from names that other programs chose. Throws Error for a path outside the roots. */
function checkPath(path: string, roots: readonly string[]): void {
  const isClean = !path.includes('\0') && !path.split('/').includes('..');
  if (!isClean || !roots.some((root) => path.startsWith(root)))
    throw new Error(`${JSON.stringify(path)} is not a path below ${roots.join(', ')}`);
}

/** Null for a file above the limit: half of a text is wrong. */
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

/** Most files are smaller: the buffers of thousands of files would otherwise be most of what is collected as garbage. */
const usualBytes = 4096;

/** sysfs files report a size of 4096 and procfs ones of 0, so only the end of the file shows the length. */
async function readUpTo(file: FileHandle, maxBytes: number): Promise<Buffer> {
  let buffer = Buffer.allocUnsafe(Math.min(maxBytes, usualBytes));
  let length = 0;
  for (;;) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, null);
    length += bytesRead;
    if (bytesRead === 0 || length === maxBytes) return buffer.subarray(0, length);
    if (length < buffer.length) continue;
    const larger = Buffer.allocUnsafe(Math.min(maxBytes, 2 * length));
    buffer.copy(larger);
    buffer = larger;
  }
}

async function listNames(path: string, maxNames: number): Promise<string> {
  const names: string[] = [];
  for await (const entry of await opendir(path)) {
    names.push(entry.name);
    if (names.length >= maxNames) break;
  }
  return names.sort().join('\n');
}
