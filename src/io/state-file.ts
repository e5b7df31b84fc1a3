import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './errno.ts';
import { replaceFile } from './replace-file.ts';

/** A small file that has to survive a crash, of the process and of the machine. */
export interface StateFile {
  /** Undefined if there is none. Throws if it cannot be read. */
  readonly read: () => Promise<string | undefined>;
  /** Returns when the content is on the disk. Throws an Error that names the file and the reason. */
  readonly write: (content: string) => Promise<void>;
}

/** More than 100,000 volumes take. */
const maxBytes = 16 << 20;

export function openStateFile(path: string): StateFile {
  return { read: () => readBounded(path), write: (content) => writeDurably(path, content) };
}

async function readBounded(path: string): Promise<string | undefined> {
  try {
    if ((await stat(path)).size > maxBytes) throw new Error(`${path} is larger than ${maxBytes} bytes`);
    return await readFile(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}

async function writeDurably(path: string, content: string): Promise<void> {
  const directory = dirname(path);
  // Whether that worked is seen when the file is written.
  await mkdir(directory, { recursive: true, mode: 0o755 }).catch(() => undefined);
  await replaceFile(path, content);
  // A rename is on the disk when the directory is.
  const opened = await open(directory, 'r');
  await opened.sync().finally(() => opened.close());
}
