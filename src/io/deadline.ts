import { startTimeout } from './awake-timeout.ts';
import { failure, type ReadResult } from './read.ts';

/** What comes first: the result, or the deadline. Then `onLate` is called, and the reading has failed. */
export function inTime(
  result: Promise<ReadResult>,
  timeoutMs: number,
  what: string,
  onLate: () => void = () => {},
): Promise<ReadResult> {
  let stop = (): void => {};
  const late = new Promise<ReadResult>((resolve) => {
    stop = startTimeout(timeoutMs, () => {
      onLate();
      resolve(failure('timed-out', `${what} within ${timeoutMs} ms`));
    });
  });
  return Promise.race([result, late]).finally(stop);
}
