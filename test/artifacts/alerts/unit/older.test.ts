import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeWith } from '../../../support/needs.ts';
import { promtools, tool } from '../../../support/tools.ts';
import { type Case, host, type Labels, poolOf, type Stretch } from './case.ts';
import { failuresOf, neededFor, readRules } from './promtool.ts';

const rules = readRules(
  readFileSync(
    join(import.meta.dirname, '..', '..', '..', '..', 'alerts', 'thinpool.rules-without-keep-firing.yml'),
    'utf8',
  ),
);
const about = 'ThinPoolRunsOutInMinutes';
/** Scraped every five seconds, evaluated every second. */
const scrape = 5;
const samples = 60;
const end = samples * scrape - scrape;

const fires: Labels = { ...poolOf, severity: 'critical', page: 'true', resource: 'data', target: 'full' };
const pages = `ALERTS{alertname="${about}",alertstate="firing",instance="${host.instance}"}`;

/** A finding that begins after a minute; of the scrapes after `missingFrom` some are missing. */
function foundWith(missing: number): Case {
  const missingFrom = 20;
  const isMissing = (scraped: number): boolean => scraped >= missingFrom && scraped < missingFrom + missing;
  const values = Array.from({ length: samples }, (_, scraped): Stretch[] => [
    [scraped < 12 || isMissing(scraped) ? null : 1, 1],
    [null, scrape - 1],
  ]).flat();
  const labels = {
    ...poolOf,
    resource: 'data',
    target: 'full',
    code: 'runs-out-in-minutes',
    severity: 'critical',
  };
  return {
    what: `${missing} scrapes missing`,
    about,
    interval: 1,
    series: [{ metric: 'thinpool_finding', labels, values }],
    checks: [
      { at: 12 * scrape - 1, fires: [] },
      { at: 12 * scrape, fires: [fires] },
      { at: end, fires: [fires] },
      {
        at: end,
        query: `sum(sum_over_time((${pages} unless ${pages} offset 1s)[${end}s:1s]))`,
        finds: [{ labels: '{}', value: 1 }],
      },
    ],
  };
}

/** What has paged is not resolved because the pool is full now. */
function fullAfterwards(): Case {
  const labels = { ...poolOf, resource: 'data', severity: 'critical' };
  return {
    what: 'full after it has paged',
    about,
    interval: scrape,
    series: [
      {
        metric: 'thinpool_finding',
        labels: { ...labels, target: 'full', code: 'runs-out-in-minutes' },
        values: [[1, 12]],
      },
      {
        metric: 'thinpool_finding',
        labels: { ...labels, code: 'data-full' },
        values: [
          [null, 6],
          [1, 40],
        ],
      },
    ],
    checks: [
      { at: 5 * scrape, fires: [fires] },
      { at: 7 * scrape, fires: [fires] },
      { at: 20 * scrape, fires: [fires] },
      { at: 30 * scrape, fires: [] },
    ],
  };
}

for (const promtool of promtools)
  describeWith(promtool)(`${promtool}, without keep_firing_for`, () => {
    it('pages once for space that runs out, whatever scrapes are missing within a minute', async () => {
      const cases = [...[0, 1, 11].map(foundWith), fullAfterwards()];
      expect(await failuresOf(tool(promtool), neededFor(about, rules), cases)).toBe('');
    }, 120_000);
  });
