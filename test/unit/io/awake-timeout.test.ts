import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startTimeout } from '../../../src/io/awake-timeout.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a timer calls back in its time', () => {
  const called = vi.fn();
  startTimeout(4000, called);
  vi.advanceTimersByTime(3999);
  expect(called).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(called).toHaveBeenCalledOnce();
});

test('one that comes late, as the process stood still, leaves time for what has arrived', () => {
  const called = vi.fn();
  const now = vi.spyOn(performance, 'now');
  now.mockReturnValueOnce(0).mockReturnValueOnce(26_000);
  startTimeout(4000, called);
  vi.advanceTimersByTime(4000);
  expect(called).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1000);
  expect(called).toHaveBeenCalledOnce();
  now.mockRestore();
});

test('it ends, also while it waits for the second time', () => {
  const called = vi.fn();
  startTimeout(4000, called)();
  const now = vi.spyOn(performance, 'now');
  now.mockReturnValueOnce(0).mockReturnValueOnce(26_000);
  const stop = startTimeout(4000, called);
  vi.advanceTimersByTime(4000);
  stop();
  vi.advanceTimersByTime(10_000);
  expect(called).not.toHaveBeenCalled();
  now.mockRestore();
});
