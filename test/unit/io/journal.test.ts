import { closeSync, fstatSync, openSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isJournal } from '../../../src/io/journal.ts';

it('is the stream that the variable names, and no other', () => {
  const fd = openSync('/dev/null', 'w');
  const { dev, ino } = fstatSync(fd, { bigint: true });
  expect(isJournal({ JOURNAL_STREAM: `${dev}:${ino}` }, fd)).toBe(true);
  expect(isJournal({ JOURNAL_STREAM: `${dev}:${ino + 1n}` }, fd)).toBe(false);
  expect(isJournal({}, fd)).toBe(false);
  closeSync(fd);
  expect(isJournal({ JOURNAL_STREAM: `${dev}:${ino}` }, fd)).toBe(false);
});
