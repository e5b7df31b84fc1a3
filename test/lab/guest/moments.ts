import { readFileSync, writeFileSync } from 'node:fs';
import { readKernelLog } from './kernel-log.ts';

/** Seconds by the clock that Node's hrtime and, but for an offset, the kernel's log go by. */
export function monotonicSeconds(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

export interface KernelEventTime {
  /** As `monotonicSeconds`. */
  readonly at: number;
  readonly message: string;
}

/** What is to be added to the log's time: the kernel's clock may have begun at another moment. */
export function measureOffset(): number {
  const mark = `lab: now ${process.hrtime.bigint()}`;
  const before = monotonicSeconds();
  // Without the line feed the kernel waits for the rest of the line.
  writeFileSync('/dev/kmsg', `${mark}\n`);
  const after = monotonicSeconds();
  const record = readMoments(0).find(({ message }) => message === mark);
  if (record === undefined) throw new Error('what was written to /dev/kmsg is not in it');
  return (before + after) / 2 - record.at;
}

/** Every message in the kernel's log, with the time at which it was written. */
export function readMoments(offset: number): readonly KernelEventTime[] {
  const lines = readKernelLog().toString('utf8').split('\n');
  return lines.flatMap((line) => {
    const { us, message } = /^\d+,\d+,(?<us>\d+),[^;]*;(?<message>.*)$/.exec(line)?.groups ?? {};
    return us === undefined || message === undefined ? [] : [{ at: Number(us) / 1e6 + offset, message }];
  });
}

/** Processes and threads that were started on this machine since its boot (man 5 proc, /proc/stat, processes). */
export function countForks(): number {
  return Number(/^processes (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1]);
}
