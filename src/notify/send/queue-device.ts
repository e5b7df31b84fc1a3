import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../../io/errno.ts';

/** The device of the file system that a file is or will be on, `253:3`. Undefined if it cannot be known, and for btrfs. */
export async function deviceOf(path: string): Promise<string | undefined> {
  try {
    return split((await stat(dirname(path))).dev);
  } catch (error) {
    // It is created in the directory above.
    return errnoOf(error) === 'ENOENT' && dirname(path) !== path ? deviceOf(dirname(path)) : undefined;
  }
}

/** The kernel's new_encode_dev, as glibc's gnu_dev_major and gnu_dev_minor take it apart. */
function split(device: number): string {
  const bits = BigInt(device);
  const major = ((bits >> 8n) & 0xfffn) | ((bits >> 32n) & 0xfffff000n);
  const minor = (bits & 0xffn) | ((bits >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}
