import { fstatSync } from 'node:fs';

/**
 * Whether an open file is a stream to systemd's journal: JOURNAL_STREAM has its device and inode (systemd.exec(5)). The
 * variable is inherited, so it alone says nothing about a stream that was redirected.
 */
export function isJournal(environment: Readonly<Record<string, string | undefined>>, fd: number): boolean {
  const stream = environment['JOURNAL_STREAM'];
  if (stream === undefined) return false;
  try {
    const { dev, ino } = fstatSync(fd, { bigint: true });
    return stream === `${dev}:${ino}`;
  } catch {
    return false;
  }
}
