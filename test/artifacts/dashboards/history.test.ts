import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWith } from '../../support/needs.ts';
import { knownMetrics } from '../alerts/known-metrics.ts';
import { boards, problemsOfBoard, values } from './board-problems.ts';
import { choicesFor } from './choices.ts';
import { shownPanels } from './dashboard.ts';
import { allSeries, endsAt, openMetrics } from './history.ts';
import { prometheuses, type Running, startPrometheus } from './prometheus.ts';
import { shipped } from './shipped.ts';
import { substitute } from './substitute.ts';

it('contains nothing that the exporter does not export', () => {
  const unknown = allSeries().flatMap(({ name, labels }) => {
    const known = knownMetrics.get(name);
    if (known === undefined) return name.startsWith('thinpool') ? [name] : [];
    return Object.keys(labels)
      .filter((label) => !known.includes(label))
      .map((label) => `${name}{${label}}`);
  });
  expect(unknown).toEqual([]);
});

describe.each(prometheuses)('%s', (program) => {
  describeWith(program, 'promtool')('a history', () => {
    let server: Running;
    beforeAll(async () => {
      server = await startPrometheus({ history: openMetrics(), firstPort: 21_090, program });
    }, 60_000);
    afterAll(() => server?.close());

    it.each(boards)(
      '%s, %s: every target has data as its panel shows it',
      { timeout: 60_000 },
      async (...board) => {
        expect(await problemsOfBoard(server, board)).toEqual([]);
        const [name, , chosen] = board;
        const dashboard = shipped(name);
        for (const { expr = '' } of dashboard.annotations.list)
          expect(await server.now(substitute(expr, dashboard, chosen), endsAt)).not.toEqual([]);
      },
    );

    /** What a panel shows with everything chosen. */
    async function seen(
      name: string,
      title: string,
      at = endsAt,
    ): Promise<readonly (readonly [string, number])[]> {
      const dashboard = shipped(name);
      const target = shownPanels(dashboard).find((panel) => panel.title === title)?.targets?.[0];
      if (target === undefined) throw new Error(`no panel ${title}`);
      const [, chosen] = choicesFor(dashboard, values)[0] ?? [];
      const answers = await server.now(substitute(target.expr, dashboard, chosen ?? {}), at);
      return answers.map(({ labels, points }) => [
        Object.values(labels).join(' '),
        Math.round((points[0]?.[1] ?? Number.NaN) * 1000) / 1000,
      ]);
    }

    it.each([
      ['thinpool-exporter', 'Exporters down', [['', 1]]],
      ['thinpool-fleet', 'Exporters down', [['', 1]]],
      ['thinpool-fleet', 'Critical pools', [['', 3]]],
      ['thinpool-fleet', 'Pools', [['', 3]]],
      // 100 GiB less 90 used, less a minimum free of 10.
      ['thinpool-fleet', 'Shortest time to minimum', [['', 0]]],
      // 10 GiB at (1 / 180 + 1 / 60) GiB a second.
      ['thinpool-fleet', 'Shortest time to full', [['', 450]]],
      ['thinpool-pool', 'Data time to full', [['docker-thinpool a.example:10058', 450]]],
      ['thinpool-pool', 'VG shortfall', [['docker-thinpool a.example:10058', 12 * 2 ** 30]]],
    ] as const)('%s: %s is %j', async (name, title, expected) => {
      expect(
        (await seen(name, title)).map(([labels, value]) => [
          labels.split(' ').toSorted().reverse().join(' '),
          value,
        ]),
      ).toEqual(expected);
    });

    it('ranks pools of one severity by the time left, and one that does not grow last', async () => {
      const rows = await seen('thinpool-fleet', 'Pools by severity');
      const [first, second, last] = rows.toSorted(([, one], [, other]) => other - one);
      expect(rows).toHaveLength(3);
      expect([first?.[1], second?.[1]]).toEqual([4.99, 4.99]);
      expect(last).toEqual([expect.stringContaining('vg0-vms'), 4]);
    });

    // Prometheus 3 leaves out a sample at the very beginning of a window, and a window seldom begins and ends at a scrape.
    it.each([0, 1, 2, 7, 15, 29])(
      'measures growth by the time covered, %i s after a scrape',
      async (later) => {
        const left = await seen('thinpool-fleet', 'Time to full by pool', endsAt + later);
        expect(left.map(([, value]) => value).toSorted((one, other) => other - one)).toEqual([450, 450]);
        const growing = await seen('thinpool-pool', 'Fastest growing volumes', endsAt + later);
        const fastest = Math.max(...growing.map(([, value]) => value));
        expect(fastest / (0.55 * (1 / 180 + 1 / 60) * 2 ** 30)).toBeCloseTo(1, 6);
      },
    );

    it('shows no growth of volumes in a full pool, and which of them grew', async () => {
      const of = async (title: string, instance: string, pool: string) => {
        const dashboard = shipped('thinpool-pool');
        const expr = shownPanels(dashboard).find((panel) => panel.title === title)?.targets?.[0]?.expr ?? '';
        const chosen = { cluster: 'all', instance: [instance], pool: [pool] } as const;
        const answers = await server.now(substitute(expr, dashboard, chosen), endsAt);
        return answers.map(({ points }) => points[0]?.[1] ?? Number.NaN);
      };
      expect(await of('Volume growth rate', '[::1]:10058', 'a+b.c')).toEqual([0, 0, 0]);
      expect(Math.min(...(await of('Fastest growing volumes', '[::1]:10058', 'a+b.c')))).toBeGreaterThan(0);
      const growing = await of('Volume growth rate', 'a.example:10058', 'docker-thinpool');
      expect(Math.max(...growing) / (0.55 * (1 / 180 + 1 / 60) * 2 ** 30)).toBeCloseTo(1, 6);
    });

    it('shows a long time for a pool that does not grow', async () => {
      const pool = { cluster: 'all', instance: ['a.example:10058'], pool: ['vg0-vms'] } as const;
      const dashboard = shipped('thinpool-pool');
      const target = shownPanels(dashboard).find(({ title }) => title === 'Data time to full')?.targets?.[0];
      const answers = await server.now(substitute(target?.expr ?? '', dashboard, pool), endsAt);
      expect(answers.map(({ points }) => points[0]?.[1])).toEqual([30 * 86_400]);
    });

    it('shows no difference between the clocks of host and Prometheus as age', async () => {
      const values = async (name: string, title: string) =>
        (await seen(name, title)).map(([, value]) => value);
      expect(await values('thinpool-pool', 'Status age')).toEqual([61]);
      expect(await values('thinpool-pool', 'Kernel messages')).toEqual([3600]);
      expect(new Set(await values('thinpool-exporter', 'Data age'))).toEqual(new Set([0, 60]));
    });

    it('shows the memory of the exporter, and of no other process', async () => {
      const memory = await seen('thinpool-exporter', 'Memory');
      expect(memory.map(([, value]) => value)).toEqual([90 << 20, 90 << 20]);
    });

    it('has a status for each host, and for what is not known of it', async () => {
      const rows = await seen('thinpool-fleet', 'Host status');
      const of = (state: number) =>
        rows.filter(([, value]) => value === state).map(([labels]) => labels.split(' ').toSorted().join(' '));
      expect(of(3)).toEqual(['gone.example:10058']);
      expect(of(2).toSorted()).toEqual(['[::1]:10058 pools', 'a.example:10058 pools']);
      expect(of(1)).toHaveLength(3);
      expect(of(0)).toEqual([]);
      const before = await seen('thinpool-fleet', 'Host status', endsAt - 300);
      expect(
        before
          .filter(([, value]) => value === 0)
          .map(([labels]) => labels)
          .toSorted(),
      ).toEqual(['[::1]:10058', 'a.example:10058']);
    });
  });
});
