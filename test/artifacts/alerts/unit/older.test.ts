import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../support/needs.ts';
import { promtools } from '../../../support/tools.ts';
import { type Case, host, type Labels, poolOf, type Stretch } from './case.ts';
import { failuresOf, neededFor, readRules } from './promtool.ts';

const rules = readRules(
  readFileSync(
    join(import.meta.dirname, '..', '..', '..', '..', 'alerts', 'thinpool.rules-without-keep-firing.yml'),
    'utf8',
  ),
);
const about = 'ThinPoolRunsOutInMinutes';
const size = 1e9;
const begins = 60;
const scrape = 5;

/** Evaluated every second and scraped every five: the window of three scrapes sees two of them, or three, by turns. */
function fillIn(lasts: number, resource: 'data' | 'metadata'): Case {
  const used = (at: number): number =>
    Math.round(size * Math.min(1, 0.3 + (0.7 * Math.max(0, at - begins)) / lasts));
  const seen = (value: (at: number) => number): Stretch[] =>
    Array.from({ length: (begins + lasts) / scrape }, (_, index): Stretch[] => [
      [value(index * scrape), 1],
      [null, scrape - 1],
    ]).flat();
  const series = (name: string, value: (at: number) => number) => ({
    metric: `thinpool_${resource}_${name}_bytes`,
    labels: poolOf,
    values: seen(value),
  });
  const fires: Labels = { ...poolOf, severity: 'critical', page: 'true', resource, target: 'full' };
  const pages = `ALERTS{alertname="${about}",alertstate="firing",instance="${host.instance}"}`;
  const end = begins + lasts - scrape;
  return {
    what: `${resource} full in ${lasts} s`,
    about,
    interval: 1,
    series: [series('used', used), series('size', () => size), series('available', (at) => size - used(at))],
    checks: [
      { at: end, fires: [fires] },
      {
        at: end,
        query: `sum(sum_over_time((${pages} unless ${pages} offset 1s)[${end}s:1s]))`,
        finds: [{ labels: '{}', value: 1 }],
      },
    ],
  };
}

for (const promtool of promtools)
  describeWith('promtool')(`${promtool}, without keep_firing_for`, () => {
    it('pages a sudden fill once, however scrapes and evaluations fall together', async () => {
      const fills = [130, 180].flatMap((lasts) => [fillIn(lasts, 'data'), fillIn(lasts, 'metadata')]);
      expect(await failuresOf(promtool, neededFor(about, rules), fills)).toBe('');
    }, 120_000);
  });
