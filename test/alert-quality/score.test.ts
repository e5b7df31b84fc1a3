import { describe, expect, it } from 'vitest';
import { classes } from './classes.ts';
import { type History, played } from './history.ts';
import type { Firing } from './promtool.ts';
import { chanceFrom } from './random.ts';
import { Sketch } from './scenario.ts';
import { scoreOf } from './score.ts';
import { summarize } from './summary.ts';
import type { Tier } from './tiers.ts';

const tier: Tier = { name: 'test', step: 1, poll: 5, finest: 5, duration: 20_000 };
const MiB = 1024 ** 2;
const phase = { poll: 0, evaluation: 0 };

/** At a scrape interval of 5 s. */
const scored = (history: History, firings: readonly Firing[]) => scoreOf(history, firings, 5);

/** Full this number of seconds after it began to fill, at 1000 s; or quiet. */
function history(lasts?: number, minimumFreePercent = 0) {
  const sketch = new Sketch(tier, chanceFrom(1), minimumFreePercent, { size: 1000 * MiB, used: 0.5 });
  sketch.onsets.push(1000);
  if (lasts !== undefined) sketch.write(1000, 1000 + 2 * lasts, 1000 * MiB);
  return played({ id: 'h', of: classes[0]!, phase }, sketch);
}

const firing = (from: number, to: number, labels: Record<string, string> = {}): Firing => ({
  labels: { alertname: 'A', resource: 'data', ...labels },
  from,
  to,
});

describe('a fill', () => {
  it('has the lead of its first page', () => {
    const pages = [firing(4000, 4500), firing(3000, 3100)];
    expect(scored(history(5000), pages).verdicts).toMatchObject([{ lead: 3000, isLate: false }]);
  });

  it('has no more lead than it lasts, however long before the page was', () => {
    expect(scored(history(5000), [firing(0, 9000)]).verdicts).toMatchObject([{ lead: 5000 }]);
  });

  it.each([
    ['there is no page', []],
    ['the page was over before it began', [firing(100, 900)]],
    ['the page came when it was full', [firing(6000, 7000)]],
    ['the page was about something else', [firing(3000, 7000, { resource: 'metadata' })]],
  ])('is missed if %s', (_, pages) => {
    expect(scored(history(5000), pages).verdicts).toMatchObject([{ lead: undefined, isLate: true }]);
  });

  it('may be paged by an alert that names no resource', () => {
    const page = { labels: { alertname: 'A' }, from: 3000, to: 4000 };
    expect(scored(history(5000), [page]).verdicts).toMatchObject([{ lead: 3000 }]);
  });

  it('of an hour or more has to be paged 15 minutes before', () => {
    expect(scored(history(3600), [firing(3700, 4600)]).verdicts).toMatchObject([{ isLate: false }]);
    expect(scored(history(3600), [firing(3705, 4600)]).verdicts).toMatchObject([{ isLate: true }]);
  });

  it('of less has to be paged two polls, a scrape and an evaluation after it is 80 s away', () => {
    expect(scored(history(1000), [firing(1940, 3000)]).verdicts).toMatchObject([{ isLate: false }]);
    expect(scored(history(1000), [firing(1945, 3000)]).verdicts).toMatchObject([{ isLate: true }]);
  });

  it('that is shorter than 80 s has to be paged two polls, a scrape and an evaluation after it began', () => {
    expect(scored(history(60), [firing(1020, 3000)]).verdicts).toMatchObject([{ isLate: false }]);
    expect(scored(history(60), [firing(1025, 3000)]).verdicts).toMatchObject([{ isLate: true }]);
  });

  it('may be paged later if the scrape interval is longer, and no later than that', () => {
    const late = (from: number) => scoreOf(history(60), [firing(from, 3000)], 15).verdicts[0]?.isLate;
    expect([late(1030), late(1035)]).toEqual([false, true]);
  });

  it('that is over before anything could have been seen is no fault', () => {
    const score = scored(history(20), []);
    expect(score.verdicts).toMatchObject([{ isTooFast: true, isLate: false }]);
    expect(summarize([score])).toMatchObject({ fills: 0, fillsMissed: 0, tooFast: 1 });
  });
});

describe('a minimum free space', () => {
  it('is missed if the page comes when it has been crossed, even if a page comes soon after', () => {
    const summary = (pages: Firing[]) => summarize([scored(history(5000, 10), pages)]);
    const crossing = 5001;
    expect(summary([firing(crossing - 5, 9000)])).toMatchObject({ crossings: 1, crossingsMissed: 0 });
    expect(summary([firing(crossing + 4, 9000)])).toMatchObject({
      crossingsMissed: 1,
      crossingsNeverPaged: 0,
    });
    expect(summary([firing(crossing + 500, 9000)])).toMatchObject({
      crossingsMissed: 1,
      crossingsNeverPaged: 1,
    });
  });
});

describe('pages', () => {
  it('are false in a quiet history only', () => {
    expect(scored(history(), [firing(100, 200), firing(30_000, 30_100)]).falsePages).toBe(2);
    expect(scored(history(5000), [firing(100, 200)]).falsePages).toBe(0);
  });

  it('are one where they are sent as one', () => {
    const minimumFreeAndFull = [
      firing(100, 200, { target: 'minimum_free' }),
      firing(150, 300, { target: 'full' }),
    ];
    expect(scored(history(), minimumFreeAndFull)).toMatchObject({ falsePages: 1, flaps: 0 });
    const two = [firing(100, 200), firing(100, 200, { alertname: 'B' })];
    expect(scored(history(), two)).toMatchObject({ falsePages: 2, flaps: 0 });
  });

  it('flap if they come back within hours', () => {
    const hour = 3600;
    const again = (after: number) => [firing(0, 100), firing(100 + after, 200 + after)];
    expect(scored(history(5000), again(60)).flaps).toBe(1);
    expect(scored(history(5000), again(5 * hour)).flaps).toBe(1);
    expect(scored(history(5000), again(7 * hour)).flaps).toBe(0);
    expect(scored(history(5000), [...again(60), firing(400, 500)]).flaps).toBe(2);
  });
});

describe('a summary', () => {
  it('counts missed leads as none, and quiet time in months of 30 days', () => {
    const scores = [
      scored(history(5000), [firing(3000, 7000)]),
      scored(history(5000), []),
      scored(history(1000), [firing(1500, 3000)]),
      scored(history(), [firing(100, 200)]),
    ];
    expect(summarize(scores)).toMatchObject({
      histories: 4,
      fills: 3,
      fillsMissed: 1,
      long: 2,
      longLate: 1,
      fast: 1,
      fastLate: 0,
      leadMedian: 500,
      leadWorst: 0,
      quiet: 1,
      quietPaged: 1,
      falsePages: 1,
      poolMonths: 20_000 / (30 * 86_400),
    });
  });
});
