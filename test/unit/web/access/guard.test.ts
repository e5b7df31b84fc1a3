import { expect, it } from 'vitest';
import { createRateLimit } from '../../../../src/web/access/guard.ts';

it('lets a burst through, then one an interval', () => {
  let now = 0;
  const isWithin = createRateLimit({ intervalMs: 100, burst: 2 }, () => now);
  expect([isWithin(), isWithin(), isWithin()]).toEqual([true, true, false]);
  now = 99;
  expect(isWithin()).toBe(false);
  now = 101;
  expect([isWithin(), isWithin()]).toEqual([true, false]);
  now = 10_000;
  expect([isWithin(), isWithin(), isWithin()]).toEqual([true, true, false]);
});

it('is not confused by a clock that is set back', () => {
  let now = 1000;
  const isWithin = createRateLimit({ intervalMs: 100, burst: 1 }, () => now);
  expect(isWithin()).toBe(true);
  now = 0;
  expect(isWithin()).toBe(false);
  now = 200;
  expect(isWithin()).toBe(true);
});
