import { setTimeout as pause } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { startHeartbeat } from '../../src/collect/schedule.ts';

const log = { warn: vi.fn(), error: vi.fn() };

it('beats at once, ten times a second at first, then once a second, and no more when it is ended', async () => {
  const beats: number[] = [];
  const startedAt = performance.now();
  const stop = startHeartbeat(() => beats.push(performance.now() - startedAt), log);
  expect(beats).toHaveLength(1);
  await pause(4600);
  stop();
  const early = beats.filter((ms) => ms < 2000).length;
  const late = beats.filter((ms) => ms > 2500).length;
  expect(early).toBeGreaterThan(8);
  expect([1, 2, 3]).toContain(late);
  const count = beats.length;
  await pause(1200);
  expect(beats).toHaveLength(count);
});

it('leaves the process four fifths of its time when a beat is long', async () => {
  const beats: number[] = [];
  const stop = startHeartbeat(() => {
    beats.push(performance.now());
    const until = performance.now() + 150;
    while (performance.now() < until);
  }, log);
  await pause(1900);
  stop();
  // One each 750 ms, and those on the second.
  expect(beats.length).toBeLessThan(7);
});

it('tells in the log, and nowhere else, of seconds without a beat', async () => {
  const others = (['log', 'info', 'warn', 'error'] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation(() => {}),
  );
  const stop = startHeartbeat(() => {}, log);
  await pause(2300);
  log.warn.mockClear();
  const until = performance.now() + 2500;
  while (performance.now() < until);
  await pause(1500);
  stop();
  expect(log.warn.mock.calls.map(([, message]) => message)).toContain(
    'a second without a beat: it stood still, or the machine did',
  );
  for (const other of others) expect(other).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});
