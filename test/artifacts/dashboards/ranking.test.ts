import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderFacts } from '../../../src/metrics/exposition.ts';
import type { Finding, PendingFinding } from '../../../src/model/finding.ts';
import type { Pool } from '../../../src/model/pool.ts';
import type { PoolTrend } from '../../../src/model/trend.ts';
import { rankPools } from '../../../src/rules/ranking.ts';
import { makeHost, makePool, makeSpace, makeUnknownPool } from '../../support/makers.ts';
import { describeWith } from '../../support/needs.ts';
import { shownPanels } from './dashboard.ts';
import { prometheuses, type Running, startPrometheus } from './prometheus.ts';
import { shipped } from './shipped.ts';
import { substitute } from './substitute.ts';

const at = Date.UTC(2026, 0, 15, 12) / 1000;

const data = (percent: number) => makeSpace(percent * 10, 1000, 65_536);
const { data: _data, ...withoutData } = makePool();
const { metadata: _metadata, ...withoutMetadata } = makePool();
const late = { by: 'status', collector: 'pools', since: 0, seconds: 60 };

/** What is known of a pool. */
const kinds: Readonly<Record<string, Pool>> = {
  ten: makePool({ data: data(10) }),
  ninety: makePool({ data: data(90) }),
  full: makePool({ data: data(100) }),
  metadata: makePool({ data: data(10), metadata: makeSpace(95, 100, 4096) }),
  minimum: makePool({
    data: data(96),
    minimumFrees: [{ resource: 'data', origin: 'docker', bytes: 6_553_600 }],
  }),
  overdue: makePool({ data: data(50), late: { ...late, degree: 'stuck' } as never }),
  unknown: makeUnknownPool(),
  failed: { ...makeUnknownPool(), state: 'failed' },
  'no-data': withoutData,
  'no-metadata': withoutMetadata,
  inactive: { ...makeUnknownPool(), presence: 'inactive' },
  unseen: { ...makeUnknownPool(), presence: 'unseen', data: data(70) },
};
const worst = ['none', 'info', 'warning', 'critical', 'pending', 'pending-info'] as const;
const secondsToFull = [undefined, 40, 41, 18_000, 18_001, 20 * 86_400] as const;

const finding = (pool: string, severity: Finding['severity']): Finding => ({
  ...{ code: 'low-water-mark-passed', summary: '', advice: '' },
  ...{ pool, severity },
});

const pools: Pool[] = [];
const findings: Finding[] = [];
const pending: PendingFinding[] = [];
const trends: PoolTrend[] = [];
for (const [kind, pool] of Object.entries(kinds))
  for (const severity of worst)
    for (const seconds of secondsToFull) {
      const name = `${kind}-${severity}-${seconds ?? 'never'}`;
      pools.push({ ...pool, name, dmName: name });
      if (severity === 'info' || severity === 'warning' || severity === 'critical')
        findings.push(finding(name, severity));
      if (severity === 'pending') pending.push({ ...finding(name, 'warning'), since: 0, reportedAt: 1 });
      if (severity === 'pending-info') pending.push({ ...finding(name, 'info'), since: 0, reportedAt: 1 });
      if (seconds !== undefined)
        trends.push({ pool: name, fastest: [], data: { points: [], secondsToFull: seconds } });
    }

/** What Prometheus has after one scrape. */
async function scraped(): Promise<string> {
  const text = await renderFacts({ host: makeHost({ pools }), findings, pending, trends }, 'text');
  const samples = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => `${line.replace(/(?=\} )/, ',instance="node1:10058"')} ${at}`)
    .filter((line) => line.includes('{'));
  return `${samples.join('\n')}\n# EOF\n`;
}

describe.each(prometheuses)('%s', (program) => {
  describeWith(program, 'promtool')('the table of pools', () => {
    let server: Running;
    beforeAll(async () => {
      server = await startPrometheus({ history: await scraped(), firstPort: 24_090, program });
    }, 60_000);
    afterAll(() => server?.close());

    it('has the pools in the order of the status page', async () => {
      const fleet = shipped('thinpool-fleet');
      const panel = shownPanels(fleet).find(({ title }) => title === 'Pools by severity');
      expect(panel?.options?.['sortBy']).toEqual([
        { displayName: 'Worst', desc: true },
        { displayName: 'Pool', desc: false },
      ]);
      const expr = substitute(panel?.targets?.[0]?.expr ?? '', fleet, {
        cluster: 'all',
        instance: 'all',
        pool: 'all',
      });
      const rows = (await server.now(expr, at)).map(({ labels, points }) => ({
        pool: labels['pool'] ?? '',
        value: points[0]?.[1] ?? Number.NaN,
      }));
      const sorted = rows.toSorted(
        (one, other) => other.value - one.value || one.pool.localeCompare(other.pool, 'en'),
      );
      const expected = rankPools(pools, { findings, pending, trends }).map(({ pool }) => pool.name);
      expect(expected).toHaveLength(12 * 6 * 6);
      expect(sorted.map(({ pool }) => pool)).toEqual(expected);
    });
  });
});
