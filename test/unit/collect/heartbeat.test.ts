import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startHeartbeat } from '../../../src/collect/heartbeat.ts';

const log = { warn: vi.fn(), error: vi.fn() };

it('beats at once, ten times a second at first, then once a second, and no more when it is ended', async () => {
  const ticks: number[] = [];
  const startedAt = performance.now();
  const stop = startHeartbeat(() => ticks.push(performance.now() - startedAt), log);
  expect(ticks).toHaveLength(1);
  await pause(4600);
  stop();
  const early = ticks.filter((ms) => ms < 2000).length;
  const late = ticks.filter((ms) => ms > 2500).length;
  expect(early).toBeGreaterThan(8);
  expect([1, 2, 3]).toContain(late);
  const count = ticks.length;
  await pause(1200);
  expect(ticks).toHaveLength(count);
});

it('leaves the process four fifths of its time when a beat is long', async () => {
  const ticks: number[] = [];
  const stop = startHeartbeat(() => {
    ticks.push(performance.now());
    const until = performance.now() + 150;
    while (performance.now() < until);
  }, log);
  await pause(1900);
  stop();
  // One each 750 ms, and those on the second.
  expect(ticks.length).toBeLessThan(7);
});

it('reports seconds without a beat in the log, and nowhere else', async () => {
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
  expect(log.warn.mock.calls.map(([, message]) => message)).toContain('Stalled (event loop or machine)');
  for (const other of others) expect(other).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

describe('whatever becomes of the clock', () => {
  const zone = process.env['TZ'];
  afterEach(() => {
    vi.useRealTimers();
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  /** Beats in ten seconds after it was set, of a heart that has beaten for three. */
  async function ticksAfter(at: string, set: (clock: Date) => void): Promise<number> {
    vi.useFakeTimers({ now: new Date(at) });
    let ticks = 0;
    const stop = startHeartbeat(() => {
      ticks += 1;
    }, log);
    await vi.advanceTimersByTimeAsync(3000);
    ticks = 0;
    log.warn.mockClear();
    const clock = new Date();
    set(clock);
    vi.setSystemTime(clock);
    await vi.advanceTimersByTimeAsync(10_000);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    return ticks;
  }

  // In Berlin 02:59:59 is followed by 02:00:00 in October, and 01:59:59 by 03:00:00 in March.
  it.each([
    ['2026-10-25T00:59:55.500Z', 'and beats on'],
    ['2026-10-25T01:20:00.500Z', 'in the midst of what comes twice'],
    ['2026-03-29T00:59:55.500Z', 'and beats on'],
  ])('has ten beats in ten seconds from %s in Berlin, %s', async (at) => {
    process.env['TZ'] = 'Europe/Berlin';
    expect(await ticksAfter(at, () => {})).toBe(10);
    expect(log.warn).not.toHaveBeenCalled();
  });

  it.each([
    ['back by an hour', (clock: Date) => clock.setHours(clock.getHours() - 1)],
    ['back by 1.5 s', (clock: Date) => clock.setMilliseconds(clock.getMilliseconds() - 1500)],
    ['forward by a day', (clock: Date) => clock.setDate(clock.getDate() + 1)],
    ['from 1970 to now', (clock: Date) => clock.setFullYear(clock.getFullYear() + 56)],
  ])('beats on when it is set %s, and says so once', async (_, set) => {
    expect([9, 10, 11]).toContain(await ticksAfter('1970-01-02T00:00:00.300Z', set));
    expect(log.warn.mock.calls.map(([, message]) => message)).toEqual([
      'System clock changed or machine was suspended; the age of earlier output is unknown',
    ]);
  });
});
