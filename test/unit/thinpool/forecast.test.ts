import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../src/model/finding.ts';
import type { PoolTrend, SpaceTrend } from '../../../src/model/trend.ts';
import { forecastSeconds, isCalm, timesLeft, withForecasts } from '../../../src/thinpool/forecast.ts';
import { makePool, makeSpace } from '../../support/makers.ts';

const minimumFrees = [{ resource: 'data', origin: 'docker', bytes: 100 * 4096 }] as const;
const pool = makePool({
  data: makeSpace(500, 1000, 4096),
  metadata: makeSpace(10, 100, 4096),
  minimumFrees,
});
const grown = (rate: number): SpaceTrend => ({
  points: [
    { at: 0, usedBytes: 500 * 4096 - rate, sizeBytes: 1000 * 4096 },
    { at: 1000, usedBytes: 500 * 4096, sizeBytes: 1000 * 4096 },
  ],
});
const trendWith = (data: SpaceTrend, metadata: SpaceTrend = { points: [] }): PoolTrend => ({
  pool: pool.name,
  data,
  metadata,
  fastest: [],
});
const finding: Finding = {
  ...{ code: 'runs-out-in-minutes', severity: 'critical', summary: '', advice: '' },
  ...{ pool: pool.name, resource: 'data', target: 'full', secondsLeft: 7 },
};
const steady: SpaceTrend = { points: [], bytesPerSecond: 5, secondsToFull: 70, secondsToMinimumFree: 60 };

describe('the forecast of a limit', () => {
  it('is that of the finding before that of the trend, and of the same pool, resource and target only', () => {
    const basis = { findings: [finding], trends: [trendWith(steady, steady)] };
    expect(forecastSeconds(pool, 'data', 'full', basis)).toBe(7);
    expect(forecastSeconds(pool, 'data', 'minimum_free', basis)).toBe(60);
    expect(forecastSeconds(pool, 'metadata', 'full', basis)).toBe(70);
    expect(forecastSeconds(makePool({ name: 'other' }), 'data', 'full', basis)).toBeUndefined();
  });

  it('is 0 where the limit is reached, whether it grows or not', () => {
    const nothing = { findings: [], trends: [] };
    const full = makePool({ data: makeSpace(1000, 1000, 4096), minimumFrees });
    expect(forecastSeconds(full, 'data', 'full', nothing)).toBe(0);
    expect(forecastSeconds(full, 'data', 'minimum_free', nothing)).toBe(0);
    const at = (used: number) => makePool({ data: makeSpace(used, 1000, 4096), minimumFrees });
    expect(forecastSeconds(at(901), 'data', 'minimum_free', nothing)).toBe(0);
    expect(forecastSeconds(at(900), 'data', 'minimum_free', nothing)).toBeUndefined();
    const onFullDisk = { ...makeSpace(500, 1000, 4096), availableBytes: 0 };
    expect(forecastSeconds(makePool({ data: onFullDisk }), 'data', 'full', nothing)).toBe(0);
  });

  it('is in the trends that are shown', () => {
    const basis = { findings: [finding], trends: [trendWith(steady), { pool: 'gone', fastest: [] }] };
    expect(withForecasts([pool], basis)).toEqual([
      { ...trendWith({ ...steady, secondsToFull: 7 }) },
      { pool: 'gone', fastest: [] },
    ]);
  });
});

describe('the times left of a pool', () => {
  const left = (trend: PoolTrend, of = pool) =>
    timesLeft(of, { findings: [], trends: [trend] }).map(({ resource, target, seconds, isRough }) =>
      [resource, target, Math.round(seconds), ...(isRough ? ['rough'] : [])].join(' '),
    );

  it('are soonest first', () => {
    expect(left(trendWith(steady, { points: [], secondsToFull: 65 }))).toEqual([
      'data minimum_free 60',
      'metadata full 65',
      'data full 70',
    ]);
  });

  it('are those of the latest growth, marked as rough, where growth is not steady', () => {
    expect(left(trendWith(grown(4096)))).toEqual(['data minimum_free 400 rough', 'data full 500 rough']);
    // It grew before, and not between the latest two polls.
    expect(left(trendWith({ ...grown(0), bytesPerSecond: 8192 }))).toEqual([
      'data minimum_free 200 rough',
      'data full 250 rough',
    ]);
    expect(left(trendWith({ ...grown(0), bytesPerSecond: -8192 }))).toEqual([]);
  });

  it('are not those of a minimum in a full pool', () => {
    const full = makePool({ data: makeSpace(1000, 1000, 4096), minimumFrees });
    expect(left(trendWith({ points: [] }), full)).toEqual(['data full 0']);
  });

  it('do not reach over a gap', () => {
    const [first, last] = grown(4096).points;
    expect(left(trendWith({ points: [first!, { ...last!, afterGap: true }] }))).toEqual([]);
  });
});

describe('a pool is calm', () => {
  const measured = (rate: number, latest = rate): SpaceTrend => ({ ...grown(latest), bytesPerSecond: rate });

  it.each([
    [measured(0), measured(-4096), true],
    [measured(0), measured(1), false],
    [measured(-5, 1), measured(0), false],
    [measured(5, 0), measured(0), false],
    [measured(0), grown(0), false],
    [measured(0), { points: [] }, false],
  ])('if all growth is measured, and none is positive: %#', (data, metadata, expected) => {
    expect(isCalm(pool, trendWith(data, metadata))).toBe(expected);
  });

  it('not if nothing is known', () => {
    expect(isCalm(pool, undefined)).toBe(false);
    const { data: _data, metadata: _metadata, ...unknown } = pool;
    expect(isCalm(unknown, trendWith(measured(0), measured(0)))).toBe(false);
  });
});
