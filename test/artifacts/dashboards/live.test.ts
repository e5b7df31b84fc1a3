import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { freePort } from '../../../demo/ports.ts';
import { itWith } from '../../support/needs.ts';
import { unmet } from '../../support/tools.ts';
import { problemsOf } from './answers.ts';
import { choicesFor } from './choices.ts';
import { shownPanels } from './dashboard.ts';
import { type PrometheusName, prometheuses, type Running, startPrometheus } from './prometheus.ts';
import { names, shipped } from './shipped.ts';
import { substitute } from './substitute.ts';

const project = join(import.meta.dirname, '..', '..', '..');

describe('the demo, scraped every second', () => {
  let demo: ChildProcess;
  let instance: string;
  const servers = new Map<PrometheusName, Running>();
  const config = () => ({
    global: { scrape_interval: '1s', scrape_timeout: '900ms', evaluation_interval: '1s' },
    scrape_configs: [{ job_name: 'thinpool', static_configs: [{ targets: [instance] }] }],
  });

  beforeAll(async () => {
    instance = `127.0.0.1:${await freePort(22_056)}`;
    demo = spawn(
      process.execPath,
      [
        join(project, 'dist/main.js'),
        'demo',
        '--no-alerting',
        '--speed',
        '8',
        '--for',
        '2m',
        '--web.listen-address',
        instance,
      ],
      { stdio: 'ignore' },
    );
    // All of them scrape the same demo.
    for (const program of prometheuses.filter((one) => unmet([one]).length === 0))
      servers.set(program, await startPrometheus({ program, firstPort: 22_090, config: config() }));
  }, 60_000);

  afterAll(async () => {
    demo.kill('SIGTERM');
    await Promise.all([...servers.values()].map((server) => server.close()));
    if (demo.exitCode === null) await once(demo, 'exit');
  });

  /** What is wrong with all dashboards now, in every choice. */
  async function problems(server: Running): Promise<readonly string[]> {
    const values = [
      { cluster: [], instance: [instance], pool: ['docker-thinpool'], collector: ['lvm', 'pools'] },
    ];
    const now = Date.now() / 1000;
    const found = names.flatMap((name) => {
      const dashboard = shipped(name);
      return choicesFor(dashboard, values).flatMap(([, chosen]) =>
        shownPanels(dashboard).flatMap((panel) =>
          (panel.targets ?? []).map(async (target) => {
            const expr = substitute(target.expr, dashboard, chosen);
            const answers = await (target.instant
              ? server.now(expr, now)
              : server.over(expr, now - 20, now, 1));
            return problemsOf(panel, target, answers).map(
              (what) => `${name}: ${panel.title} ${target.refId}: ${what}`,
            );
          }),
        ),
      );
    });
    return (await Promise.all(found)).flat();
  }

  for (const program of prometheuses)
    itWith(program)(`${program}: gives every target data, in every choice`, { timeout: 75_000 }, async () => {
      const server = servers.get(program)!;
      const until = Date.now() + 60_000;
      let left = await problems(server);
      while (left.length > 0 && Date.now() < until) {
        await sleep(2000);
        left = await problems(server);
      }
      expect(left).toEqual([]);
    });
});
