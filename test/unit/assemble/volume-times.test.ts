import { describe, expect, it } from 'vitest';
import type { CachedFacts } from '../../../src/assemble/cached-facts.ts';
import { createVolumeTimes } from '../../../src/assemble/volume-times.ts';

const reading = (key: string, takenAt: number, ...names: readonly string[]): CachedFacts => ({
  collector: 'volumes',
  key,
  facts: {
    volumeStatuses: names.map((name) => ({ name, lengthSectors: 8, state: 'readable', mappedSectors: 1 })),
  },
  takenAt,
  expiresAt: 100,
  discovers: false,
});
const list = (...names: readonly string[]) => names;

describe('the oldest reading of volumes', () => {
  it('is that of the query that reads them', () => {
    const oldestOf = createVolumeTimes()([reading('one', 1, 'a', 'b'), reading('two', 2, 'c')]);
    expect(oldestOf(list('a', 'c'))).toBe(1);
    expect(oldestOf(list('c'))).toBe(2);
    expect(oldestOf(list('c', 'gone'))).toBe(2);
    expect(oldestOf(list('gone'))).toBeUndefined();
    expect(oldestOf([])).toBeUndefined();
  });

  it('follows the queries: read again, in another order, or of other volumes', () => {
    const timesOf = createVolumeTimes();
    timesOf([reading('one', 1, 'a', 'b'), reading('two', 2, 'c')]);
    const again = timesOf([reading('two', 2, 'c'), reading('one', 5, 'a', 'b')]);
    expect([again(list('a')), again(list('c'))]).toEqual([5, 2]);
    const others = timesOf([reading('one', 6, 'a', 'd'), reading('two', 7, 'b')]);
    expect([others(list('b')), others(list('d')), others(list('c'))]).toEqual([7, 6, undefined]);
    const less = timesOf([reading('two', 8, 'b')]);
    expect([less(list('b')), less(list('a'))]).toEqual([8, undefined]);
  });

  it('is the later of two of one volume', () => {
    const timesOf = createVolumeTimes();
    for (const [one, two] of [
      [1, 2],
      [3, 4],
    ] as const)
      expect(timesOf([reading('one', one, 'a'), reading('two', two, 'a')])(list('a'))).toBe(two);
    expect(timesOf([reading('two', 4, 'a'), reading('one', 5, 'a')])(list('a'))).toBe(5);
  });
});
