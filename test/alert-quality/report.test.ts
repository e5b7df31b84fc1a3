import { describe, expect, it } from 'vitest';
import { barsOf, type Result, worstOf } from './report.ts';
import { type Summary, summarize } from './summary.ts';

const nothing: Summary = { ...summarize([]), fills: 100, crossings: 40, quiet: 100 };

const result = (interval: number, parts: Partial<Summary> = {}, name = 'thinpool'): Result => ({
  name,
  interval,
  all: { ...nothing, ...parts },
  byClass: new Map(),
});

const failed = (results: readonly Result[], baselines: readonly Result[] = []): string[] =>
  barsOf(results, baselines)
    .filter(({ holds }) => !holds)
    .map(({ message }) => message);

describe('requirements', () => {
  it('hold if they do at every scrape interval', () => {
    expect(failed([result(5), result(60)])).toEqual([]);
  });

  it.each<[Partial<Summary>, string]>([
    [{ fillsMissed: 1 }, 'no fill missed: 0 of 100 at 5 s, 1 of 100 at 60 s'],
    [
      { longLate: 1, long: 9 },
      'no fill of an hour or more with less than 15 minutes of lead: 0 of 0 at 5 s, 1 of 9 at 60 s',
    ],
    [{ crossingsMissed: 2 }, 'less than 5% of crossings missed: 0 of 40 at 5 s, 2 of 40 at 60 s'],
    [{ quietPaged: 5 }, 'pages in less than 5% of quiet histories: 0 of 100 at 5 s, 5 of 100 at 60 s'],
    [{ flaps: 10 }, 'less than 10 flaps: 0 at 5 s, 10 at 60 s'],
  ])('fail if one interval fails: %o', (parts, message) => {
    expect(failed([result(5), result(60, parts)])).toEqual([message]);
  });

  it('hold as long as a limit is not reached', () => {
    expect(failed([result(5, { crossingsMissed: 1, quietPaged: 4, flaps: 9 })])).toEqual([]);
  });

  it('compare with the baselines that miss no fill, at the interval of these', () => {
    const baselines = [
      result(15, { falsePages: 3 }, 'noisy'),
      result(15, { fillsMissed: 2, falsePages: 0 }, 'blind'),
    ];
    expect(failed([result(5, { falsePages: 9 }), result(15, { falsePages: 2 })], baselines)).toEqual([]);
    expect(failed([result(5), result(15, { falsePages: 3 })], baselines)).toEqual([
      'fewer false pages at 15 s (3) than every baseline that misses no fill: noisy 3',
    ]);
  });
});

describe('the worst result', () => {
  it('misses most, then pages most for nothing', () => {
    const [quiet, noisy, blind] = [
      result(5),
      result(15, { quietPaged: 9, flaps: 99 }),
      result(60, { fillsMissed: 1 }),
    ];
    expect(worstOf([quiet, noisy])).toBe(noisy);
    expect(worstOf([noisy, blind, quiet])).toBe(blind);
    expect(worstOf([quiet, result(60)])).toBe(quiet);
  });
});
