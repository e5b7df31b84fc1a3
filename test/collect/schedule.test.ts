import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { startHeartbeat } from '../../src/collect/schedule.ts';

it('beats at once, ten times a second at first, then once a second, and no more when it is ended', async () => {
  const beats: number[] = [];
  const startedAt = performance.now();
  const stop = startHeartbeat(() => beats.push(performance.now() - startedAt));
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
  });
  await pause(1900);
  stop();
  // One each 750 ms, and those on the second.
  expect(beats.length).toBeLessThan(7);
});
