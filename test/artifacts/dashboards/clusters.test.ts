import { afterAll, beforeAll, expect, it } from 'vitest';
import { renderFacts, renderTextfile } from '../../../src/metrics/exposition.ts';
import { makeHost, makePool } from '../../support/makers.ts';
import { describeWith } from '../../support/needs.ts';
import { shownPanels } from './dashboard.ts';
import { type Running, startPrometheus } from './prometheus.ts';
import { names, shipped } from './shipped.ts';
import { type Chosen, substitute } from './substitute.ts';

const at = Date.UTC(2026, 0, 15, 12) / 1000;
const clusters = ['east', 'west'] as const;

/** Two clusters, each with a host and a pool of the same names. */
async function scraped(): Promise<string> {
  const judged = { host: makeHost({ pools: [makePool()] }), findings: [], pending: [], trends: [] };
  const text = [await renderFacts(judged, 'text'), await renderTextfile(judged, '1', at)].join('\n');
  const lines = new Set(text.split('\n').filter((line) => line !== '' && !line.startsWith('#')));
  const samples = clusters.flatMap((cluster) =>
    ['up 1', ...lines].map((line) => {
      const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const own = `cluster="${cluster}",instance="node1:10058",job="thinpool"`;
      return `${name}{${labels === '' ? own : `${labels},${own}`}} ${value} ${at}`;
    }),
  );
  return `${samples.join('\n')}\n# EOF\n`;
}

describeWith('prometheus', 'promtool')('hosts of the same name in two clusters', () => {
  let server: Running;
  beforeAll(async () => {
    server = await startPrometheus({ history: await scraped(), firstPort: 24_190 });
  }, 60_000);
  afterAll(() => server?.close());

  const chosen = (cluster: Chosen[string]): Chosen => ({
    cluster,
    instance: 'all',
    pool: 'all',
    collector: 'all',
  });

  it.each([
    ['all', clusters],
    [['west'], ['west']],
  ] as const)('are rows of their own: %s', async (cluster, expected) => {
    const fleet = shipped('thinpool-fleet');
    const pools = shownPanels(fleet).find(({ title }) => title === 'Pools by severity');
    const rows = await server.now(substitute(pools?.targets?.[0]?.expr ?? '', fleet, chosen(cluster)), at);
    expect(rows.map(({ labels }) => labels['cluster']).toSorted()).toEqual(expected);
  });

  // An operator that joins without the cluster fails: several series match.
  it.each(names)('%s has no query that takes them for one', async (name) => {
    const board = shipped(name);
    const one = { ...chosen('all'), instance: ['node1:10058'], pool: ['vg-pool'] };
    for (const { targets = [] } of shownPanels(board))
      for (const { expr } of targets)
        await expect(server.now(substitute(expr, board, one), at), expr).resolves.toBeDefined();
  });
});
