import { expect, it, vi } from 'vitest';
import { createExposition, renderTextfile } from '../../../src/metrics/exposition.ts';
import { makeHost } from '../../support/makers.ts';

const judged = { host: makeHost(), findings: [], trends: [], pending: [], version: 1 };
const clockIn = (text: string) => /^thinpool_exporter_clock_timestamp_seconds (.*)$/m.exec(text)?.[1];

it("each exposition has the exporter's clock, whatever the age of the facts", async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  let now = 1_700_000_000_500;
  const exposition = createExposition(
    () => judged,
    '1.2.3',
    () => now,
  );
  expect(clockIn((await exposition('text')).toString())).toBe('1700000000.5');
  now += 15_000;
  vi.advanceTimersByTime(15_000);
  expect(clockIn((await exposition('text')).toString())).toBe('1700000015.5');
  expect(clockIn((await exposition('openmetrics')).toString())).toBe('1700000015.5');
  vi.useRealTimers();
});

it('a file of the textfile collector has the time at which it was written', async () => {
  expect(clockIn(await renderTextfile(judged, '1.2.3', 42_250))).toBe('42.25');
});
