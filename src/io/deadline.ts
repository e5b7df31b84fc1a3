import { failure, type ReadResult } from './read.ts';

/** What comes first: the result, or the deadline. Then `onLate` is called, and the reading has failed. */
export function inTime(
  result: Promise<ReadResult>,
  timeoutMs: number,
  what: string,
  onLate: () => void = () => {},
): Promise<ReadResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<ReadResult>((resolve) => {
    timer = setTimeout(() => {
      onLate();
      resolve(failure('timed-out', `${what} within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  return Promise.race([result, late]).finally(() => clearTimeout(timer));
}
