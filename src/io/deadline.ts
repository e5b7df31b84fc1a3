import { failure, type ReadResult } from './read.ts';

/** The result, or a failure `timed-out` ("`what` within … ms") after calling `onLate`, whichever comes first. */
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
