import { expect, it } from 'vitest';
import { latestMoment } from '../../../src/measure/time-of-day.ts';

const at = (text: string) => Date.parse(`2026-11-${text}Z`);

it.each([
  ['the same minute', '30T03:30:00', '30T03:30:00'],
  ['later that day', '30T23:59:59', '30T03:30:00'],
  ['before it', '30T03:29:59', '29T03:30:00'],
])('%s', (_, now, expected) => {
  expect(latestMoment(3 * 60 + 30, at(now))).toBe(at(expected));
});
