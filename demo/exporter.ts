import { readSync } from 'node:fs';
import type { Simulated } from '../src/io/host-reader.ts';

/** The kernel's files of the simulated host. */
export function simulatedFiles(root: string): Simulated {
  return { root, openRecords };
}

/** The kernel log returns one record per read (Documentation/ABI/testing/dev-kmsg), a plain file everything. */
function openRecords(): (file: number, buffer: Buffer) => number {
  let place = 0;
  return (file, buffer) => {
    const there = readSync(file, buffer, 0, buffer.length, place);
    const length = buffer.subarray(0, there).indexOf('\n') + 1;
    place += length;
    return length;
  };
}
