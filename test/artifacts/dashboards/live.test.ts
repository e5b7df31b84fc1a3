import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../../demo/ports.ts';
import { describeWith } from '../../support/needs.ts';
import { problemsOf } from './answers.ts';
import { choicesFor } from './choices.ts';
import { shownPanels } from './dashboard.ts';
import { type Running, startPrometheus } from './prometheus.ts';
import { names, shipped } from './shipped.ts';
import { substitute } from './substitute.ts';

const project = join(import.meta.dirname, '..', '..', '..');

describeWith('prometheus')('the demo, scraped every second', () => {
  let demo: ChildProcess;
  let server: Running;
  let instance: string;

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
    server = await startPrometheus({
      firstPort: 22_090,
      config: {
        global: { scrape_interval: '1s', scrape_timeout: '900ms', evaluation_interval: '1s' },
        scrape_configs: [{ job_name: 'thinpool', static_configs: [{ targets: [instance] }] }],
      },
    });
  }, 60_000);

  afterAll(async () => {
    demo.kill('SIGTERM');
    await Promise.all([server?.close(), demo.exitCode === null && once(demo, 'exit')]);
  });

  /** What is wrong with all dashboards now, in every choice. */
  async function problems(): Promise<readonly string[]> {
    const values = [{ instance: [instance], pool: ['docker-thinpool'], collector: ['lvm', 'pools'] }];
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

  it('gives every target data, in every choice', { timeout: 75_000 }, async () => {
    const until = Date.now() + 60_000;
    let left = await problems();
    while (left.length > 0 && Date.now() < until) {
      await sleep(2000);
      left = await problems();
    }
    expect(left).toEqual([]);
  });
});
