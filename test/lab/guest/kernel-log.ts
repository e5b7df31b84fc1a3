import { closeSync, constants, openSync, readSync } from 'node:fs';

/** Every record of /dev/kmsg since boot, as the kernel gives them: one a read, and EAGAIN when there are no more. */
export function readKernelLog(): Buffer {
  const file = openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  const records: Buffer[] = [];
  // A buffer too small for a record gives EINVAL, and the record is lost.
  const buffer = Buffer.alloc(8192);
  try {
    for (;;) records.push(Buffer.from(buffer.subarray(0, readSync(file, buffer))));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
  } finally {
    closeSync(file);
  }
  return Buffer.concat(records);
}
