import type { BackingFile, FileSystem } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import type { Output } from '../collector.ts';
import { Denied, Exited, ParseError, Unavailable } from '../shared/errors.ts';
import { parseWhole } from '../shared/number.ts';

/** One line `block-size blocks free-blocks type` of `stat -f`, where an unknown type is `UNKNOWN (0x…)`. */
export function parseFileSystem(output: Output, path: string): FileSystem {
  if (output.exitCode !== 0) throw explain(output);
  const line = output.stdout.replace(/\n$/, '');
  const words = line.split(' ');
  const [blockSize, blocks, free] = words;
  const blockBytes = parseWhole(blockSize, 'a block size in bytes', line);
  const sizeBytes = parseWhole(blocks, 'a number of blocks', line) * blockBytes;
  const freeBytes = parseWhole(free, 'a number of free blocks', line) * blockBytes;
  // ramfs and the like have no limit and report 0 (kernel fs/libfs.c, simple_statfs): they are not full.
  if (sizeBytes === 0) throw new Unavailable('the file system tells no size');
  if (freeBytes > sizeBytes) throw new ParseError('no more free blocks than blocks', line);
  const type = words.slice(3).join(' ');
  const isKnown = type !== '' && !type.startsWith('UNKNOWN');
  return omitUndefined({ path, type: isKnown ? type : undefined, sizeBytes, freeBytes });
}

/** One line `blocks block-size size` of `stat`. */
export function parseAllocation(output: Output, path: string): BackingFile {
  if (output.exitCode !== 0) throw explain(output);
  const line = output.stdout.replace(/\n$/, '');
  const [blocks, blockSize, size] = line.split(' ');
  return {
    path,
    sizeBytes: parseWhole(size, 'a size in bytes', line),
    allocatedBytes:
      parseWhole(blocks, 'a number of blocks', line) * parseWhole(blockSize, 'a block size in bytes', line),
  };
}

function explain({ exitCode, stderr }: Output): Error {
  if (/No such file or directory|Not a directory/.test(stderr))
    return new Unavailable('the file is not there (any more)');
  if (/Permission denied/.test(stderr)) return new Denied('no right to reach the file');
  return new Exited(exitCode, stderr);
}
