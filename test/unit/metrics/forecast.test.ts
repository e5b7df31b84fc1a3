import { expect, test } from 'vitest';
import { forecastMetrics, type Judged } from '../../../src/metrics/forecast.ts';
import type { Finding } from '../../../src/model/finding.ts';
import { makeHost, makePool } from '../../support/makers.ts';

const trend = {
  pool: 'docker-thinpool',
  data: { points: [], bytesPerSecond: 5, secondsToFull: 70, secondsToMinimumFree: 60 },
  metadata: { points: [], bytesPerSecond: -1 },
  fastest: [],
};
const judged: Judged = {
  host: makeHost({ pools: [makePool()] }),
  findings: [],
  trends: [trend],
};

const samplesOf = (name: string, given: Judged) =>
  forecastMetrics
    .find((metric) => metric.name === name)
    ?.samples(given)
    .map(({ labels, value }) => [...Object.values(labels), value].join(' '));

test('growth is exported as it is, also while space shrinks', () => {
  expect(samplesOf('thinpool_growth_bytes_per_second', judged)).toEqual([
    'docker-thinpool data 5',
    'docker-thinpool metadata -1',
  ]);
});

test('time left is that of the finding where there is one, and absent where nothing is known', () => {
  const timeLeft = (given: Judged) => samplesOf('thinpool_time_left_seconds', given);
  expect(timeLeft(judged)).toEqual(['docker-thinpool data full 70', 'docker-thinpool data minimum_free 60']);
  const finding: Finding = {
    code: 'runs-out-in-minutes',
    severity: 'critical',
    summary: '',
    advice: '',
    pool: 'docker-thinpool',
    resource: 'metadata',
    target: 'full',
    secondsLeft: 7,
  };
  expect(timeLeft({ ...judged, findings: [finding] })).toContain('docker-thinpool metadata full 7');
  expect(timeLeft({ ...judged, trends: [{ ...trend, data: { points: [] } }] })).toEqual([]);
  expect(timeLeft({ ...judged, host: makeHost({ discovered: false }) })).toEqual([]);
});
