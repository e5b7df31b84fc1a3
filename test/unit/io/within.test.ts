import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { late, within } from '../../../src/io/within.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('gives what comes in time, and fails as it fails', async () => {
  await expect(within(Promise.resolve(1), 1000)).resolves.toBe(1);
  await expect(within(Promise.reject(new Error('no')), 1000)).rejects.toThrow('no');
  expect(vi.getTimerCount()).toBe(0);
});

it('is late once the time is over', async () => {
  const pending = within(new Promise(() => {}), 1000);
  await vi.advanceTimersByTimeAsync(999);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  await expect(pending).resolves.toBe(late);
});
