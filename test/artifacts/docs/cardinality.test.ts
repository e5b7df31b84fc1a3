import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSimulator } from '../../../demo/simulator.ts';
import { embeddedTools } from '../../../src/embedded.ts';
import { catalogue } from '../../../src/metrics/catalogue.ts';
import { renderFacts } from '../../../src/metrics/exposition.ts';
import { findingMetrics } from '../../../src/metrics/finding.ts';
import { forecastMetrics } from '../../../src/metrics/forecast.ts';
import type { Snapshot } from '../../../src/model/host.ts';
import { countSeries, expositionsOf } from '../../bench/fleet/expositions.ts';
import { kinds } from '../../bench/fleet/host.ts';
import { pollDemo } from '../../support/poll-demo.ts';
import { hostsDir, replayCase } from '../../support/replayed.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/guide/cardinality.md'), 'utf8');

/** Formulas by the labels that they are for. */
const formulas = new Map(
  [...page.matchAll(/^\| (?<labels>none|`.*`) \| (?<formula>.*) \|$/gm)].map(({ groups }) => [
    groups!['labels'] === 'none' ? '' : groups!['labels']!.replaceAll(/[` ]/g, ''),
    groups!['formula']!,
  ]),
);

const metrics = [...catalogue.flatMap((section) => section.metrics), ...forecastMetrics, ...findingMetrics];

function countsOf({ host, findings }: Snapshot): Readonly<Record<string, number>> {
  const volumes = host.pools.reduce((sum, pool) => sum + pool.volumes.length, 0);
  return {
    pools: host.pools.length,
    volumes,
    groups: host.volumeGroups.length,
    collectors: host.collectors.length,
    queries: host.collectors.reduce((sum, collector) => sum + collector.queries.length, 0),
    findings: findings.length,
  };
}

function evaluate(formula: string, counts: Readonly<Record<string, number>>): number | undefined {
  return formula.split(' × ').reduce((product: number | undefined, factor) => {
    const value = /^\d+$/.test(factor) ? Number(factor) : counts[factor];
    return product === undefined || value === undefined ? undefined : product * value;
  }, 1);
}

it.each(metrics.map(({ name, labels }) => [name, labels.join(',')] as const))(
  'has a formula for %s',
  (_, labels) => {
    expect(formulas.get(labels)).toBeDefined();
  },
);

it('has no formula for labels that no metric has', () => {
  const known = new Set(metrics.map(({ labels }) => labels.join(',')));
  expect([...formulas.keys()].filter((labels) => !known.has(labels))).toEqual([]);
});

/** What the exporter makes of the host of the demo's story, without what this machine's own kernel reports. */
async function simulated(): Promise<Snapshot> {
  const simulator = openSimulator(embeddedTools());
  const snapshot = await pollDemo(simulator, 45);
  simulator.close();
  return snapshot;
}

const hosts = [
  { name: 'of the demo', read: simulated },
  ...readdirSync(hostsDir).map((name) => ({ name, read: () => replayCase(name) })),
];

describe.each(hosts)('host $name', ({ name, read }) => {
  it('has no more series than the formulas say', async () => {
    const snapshot = await read();
    if (name === 'of the demo') expect(snapshot.host.pools).toHaveLength(5);
    const { host, findings } = snapshot;
    const text = await renderFacts({ host, findings, pending: [], trends: [] }, 'text');
    const counts = countsOf(snapshot);
    const excess = metrics.flatMap((metric) => {
      const series = text.match(new RegExp(`^${metric.name}(?:\\{.*)? `, 'gm'))?.length ?? 0;
      const most = evaluate(formulas.get(metric.labels.join(',')) ?? '', counts);
      return most === undefined || series <= most ? [] : [`${metric.name}: ${series} > ${most}`];
    });
    expect(excess).toEqual([]);
  });
});

const rowsOfHosts = [...page.matchAll(/^\| [^|`]+ \| (?<few>\d+) \| (?<all>\d+) \|$/gm)];

it.each(kinds.map((kind, at) => [kind, rowsOfHosts[at]?.groups] as const))(
  'has the series of a host of two pools: %s',
  async (kind, counted) => {
    const count = async (set: 'essential' | 'all') => {
      const place = { number: 1, kind, pools: 2, volumes: 20 };
      const [text] = await expositionsOf(place, [Date.UTC(2026, 0, 1)], { set, detailedVolumes: 1 });
      const counts = [...countSeries(String(text))].filter(([name]) => !name.startsWith('thinpool_finding'));
      return counts.reduce((sum, [, series]) => sum + series, 0);
    };
    expect(Number(counted?.['few'])).toBe(await count('essential'));
    // Node.js has more or fewer metrics of its own from version to version: 23 between 20 and 26.
    expect(Math.abs(Number(counted?.['all']) - (await count('all')))).toBeLessThan(40);
    expect(Number(counted?.['few'])).toBeLessThan(150);
  },
);
