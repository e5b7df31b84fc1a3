import { describe, expect, it } from 'vitest';
import { isQuiet, type QuietHours, weekdays } from '../../../src/notify/quiet-hours.ts';

const night: QuietHours = { from: 22 * 60, to: 7 * 60, days: weekdays, timeZone: 'UTC' };
/** 2026-11-30 is a Monday. */
const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 10, day, hour, minute);

describe('quiet hours', () => {
  it.each([
    [21, 59, false],
    [22, 0, true],
    [23, 30, true],
    [0, 0, true],
    [6, 59, true],
    [7, 0, false],
    [12, 0, false],
  ])('over midnight, at %i:%i: %s', (hour, minute, quiet) => {
    expect(isQuiet([night], at(30, hour, minute))).toBe(quiet);
  });

  it('within a day end on that day', () => {
    const noon = { ...night, from: 12 * 60, to: 13 * 60 };
    expect(
      [at(30, 11, 59), at(30, 12), at(30, 12, 59), at(30, 13)].map((now) => isQuiet([noon], now)),
    ).toEqual([false, true, true, false]);
  });

  it('belong to the day on which they begin', () => {
    const weekend: QuietHours = { ...night, days: ['Sat'] };
    // Saturday night lasts until Sunday morning; Saturday morning belongs to Friday.
    expect([at(28, 6), at(28, 23), at(29, 6), at(29, 23)].map((now) => isQuiet([weekend], now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('go by the clock on the wall of their zone, also when it changes', () => {
    const berlin = { ...night, timeZone: 'Europe/Berlin' };
    // 05:30 UTC is 06:30 in winter and 07:30 in summer.
    expect(isQuiet([berlin], Date.UTC(2026, 0, 15, 5, 30))).toBe(true);
    expect(isQuiet([berlin], Date.UTC(2026, 6, 15, 5, 30))).toBe(false);
  });

  it('belong to the day before also on the day after a change of the clock', () => {
    // Sunday 2026-03-29 had 23 hours in Berlin; this is Monday, 00:30.
    const sunday: QuietHours = { ...night, days: ['Sun'], timeZone: 'Europe/Berlin' };
    expect(isQuiet([sunday], Date.UTC(2026, 2, 29, 22, 30))).toBe(true);
  });

  it('that begin when they end last a day', () => {
    const all = { ...night, from: 0, to: 0, days: ['Mon'] as const };
    expect([at(29, 23, 59), at(30, 0), at(30, 23, 59)].map((now) => isQuiet([all], now))).toEqual([
      false,
      true,
      true,
    ]);
  });
});
