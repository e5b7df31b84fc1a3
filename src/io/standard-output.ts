import type { Writable } from 'node:stream';
import { errnoOf } from './errno.ts';

/** Text on its way to a reader that may be slow, or leave. */
export interface Printer {
  readonly print: (text: string) => void;
  /** Settles when the reader has everything or has gone, with the error if neither. Printing more is pointless after that. */
  readonly finish: () => Promise<Error | undefined>;
}

/**
 * Prints to standard output or standard error. Writes to a pipe are asynchronous: a process that exits without `finish`
 * loses what the pipe does not hold, 64 KiB. A reader that leaves, as `head` does, is no error of the program.
 */
export function printTo(stream: Writable): Printer {
  let failure: Error | undefined;
  stream.on('error', (error) => {
    failure ??= error;
  });
  return {
    print: (text) => {
      stream.write(text);
    },
    finish: async () => {
      // Called after all that was written before, also if that failed.
      await new Promise<void>((resolve) => stream.write('', () => setImmediate(resolve)));
      return failure === undefined || errnoOf(failure) === 'EPIPE' ? undefined : failure;
    },
  };
}
