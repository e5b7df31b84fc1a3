import { expect, it } from 'vitest';
import { Intl as Small } from '../../../scripts/build/shims/utc-intl.mjs';

/** As node-cron requests them. */
const clock = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  weekday: 'short',
  hour12: false,
} as const;

type Parts = readonly { readonly type: string; readonly value: string }[];

/** Numbers as node-cron reads them: without the noughts before, and 24 for 0. */
function read(parts: Parts): Readonly<Record<string, string | number>> {
  const words = parts.filter(({ type }) => type !== 'literal').map(({ type, value }) => [type, value]);
  return Object.fromEntries(
    words.map(([type, value]) => [
      type,
      /^\d+$/.test(value ?? '') ? Number(value) % (type === 'hour' ? 24 : 1e4) : value,
    ]),
  );
}

it.each(['2026-11-22T16:05:09Z', '2024-02-29T00:00:00Z', '2026-12-31T23:59:59.999Z', '1970-01-01T00:00:00Z'])(
  'takes %s apart as the large one does',
  (at) => {
    const date = new Date(at);
    const small = read(new Small.DateTimeFormat('en-US', clock).formatToParts(date));
    const large = new Intl.DateTimeFormat('en-US', { ...clock, timeZone: 'UTC' }).formatToParts(date);
    expect(small).toEqual(read(large));
  },
);

it('knows no other zone', () => {
  expect(() => new Small.DateTimeFormat('en-US', { timeZone: 'Europe/Berlin' })).toThrow(
    'this calendar is of UTC only, not of Europe/Berlin',
  );
});
