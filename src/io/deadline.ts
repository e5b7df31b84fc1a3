import { startTimeout } from './awake-timeout.ts';
import { failure, type ReadResult } from './read.ts';

/** The result, or a failure `timed-out` ("`what` within … ms") after calling `onLate`, whichever comes first. */
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
