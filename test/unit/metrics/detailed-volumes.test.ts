import { expect, it } from 'vitest';
import { createDetailedVolumes } from '../../../src/metrics/detailed-volumes.ts';
import { hourMs, minuteMs } from '../../../src/model/units.ts';
import { makeHost, makePool, makeVolume } from '../../support/makers.ts';

const volumes = ['a', 'b', 'c', 'd', 'e'].map((name, at) => ({
  ...makeVolume(`253:${at}`),
  name,
  mappedBytes: 100 * (at + 1),
}));

/** A host whose volumes grow, the first one fastest. */
function judged(growing: readonly string[], takenAt = hourMs, of = volumes) {
  const fastest = growing.map((volume) => ({ volume, bytesPerSecond: 1, mappedBytes: 1 }));
  const pools = [makePool({ name: 'p', volumes: of })];
  return {
    host: makeHost({ takenAt, pools }),
    findings: [],
    pending: [],
    trends: [{ pool: 'p', fastest }],
  };
}

const named = (isDetailed: (pool: string, volume: string) => boolean) =>
  volumes.map(({ name }) => name).filter((name) => isDetailed('p', name));

it('are the largest while none grows, and no more than the maximum', () => {
  const detail = createDetailedVolumes();
  expect(named(detail(judged([]), 3))).toEqual(['c', 'd', 'e']);
  expect(named(detail(judged([]), 0))).toEqual([]);
  expect(named(detail(judged([]), 9))).toEqual(['a', 'b', 'c', 'd', 'e']);
});

it('are those that grow fastest in half of the places, and the largest in the rest', () => {
  const detail = createDetailedVolumes();
  expect(named(detail(judged(['b', 'a', 'c']), 2))).toEqual(['b', 'e']);
  expect(named(detail(judged(['b', 'a', 'c']), 4))).toEqual(['a', 'b', 'd', 'e']);
});

it('keep their places for an hour after they grew, unless another needs it', () => {
  const detail = createDetailedVolumes();
  expect(named(detail(judged(['a'], hourMs), 2))).toEqual(['a', 'e']);
  expect(named(detail(judged([], hourMs + 59 * minuteMs), 2))).toEqual(['a', 'e']);
  expect(named(detail(judged([], 2 * hourMs), 2))).toEqual(['d', 'e']);
  expect(named(detail(judged(['a'], 3 * hourMs), 2))).toEqual(['a', 'e']);
  expect(named(detail(judged(['b'], 3 * hourMs + minuteMs), 2))).toEqual(['b', 'e']);
});

it('are not of a volume that is gone, nor of another pool', () => {
  const detail = createDetailedVolumes();
  detail(judged(['a']), 2);
  const isDetailed = detail(judged([], hourMs + minuteMs, volumes.slice(1)), 2);
  expect(named(isDetailed)).toEqual(['d', 'e']);
  expect(isDetailed('other', 'e')).toBe(false);
});
