import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../demo/ports.ts';
import type { Dashboard, Panel } from '../../test/artifacts/dashboards/dashboard.ts';
import { type Answer, type Running, startPrometheus } from '../../test/artifacts/dashboards/prometheus.ts';
import { type Chosen, substitute } from '../../test/artifacts/dashboards/substitute.ts';

/** What Prometheus answered to a dashboard. */
export interface Recorded {
  readonly name: string;
  readonly answers: readonly {
    readonly panel: number;
    readonly refId: string;
    readonly series: readonly Answer[];
  }[];
  readonly from: number;
  readonly to: number;
}

const instance = 'node1.example:10058';

interface Picture {
  readonly name: string;
  /** Seconds into the story. */
  readonly at: number;
  readonly chosen: Chosen;
}

const pictures: readonly Picture[] = [
  { name: 'fleet', at: 112, chosen: { instance: 'all', pool: 'all' } },
  { name: 'pool', at: 130, chosen: { instance: [instance], pool: ['docker-thinpool'] } },
  { name: 'exporter', at: 172, chosen: { instance: 'all', collector: 'all' } },
];

/**
 * Runs the demo's story once, with the ending in which no operator comes in time, under a Prometheus, and queries that
 * for all pictures.
 */
export async function record(project: string): Promise<readonly Recorded[]> {
  const address = `127.0.0.1:${await freePort(23_056)}`;
  const startedAt = Date.now() / 1000;
  const demo = spawn(
    process.execPath,
    [
      path.join(project, 'dist/main.js'),
      'demo',
      '--no-alerting',
      '--from',
      '240',
      '--for',
      '178s',
      '--web.listen-address',
      address,
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const server = await startPrometheus({ firstPort: 23_090, config: scraping(address) });
  try {
    const [exitCode] = await once(demo, 'exit');
    if (exitCode !== 0) throw new Error(`the demo ended with exit code ${exitCode}: nothing is drawn`);
    await sleep(1000);
    const recorded = await Promise.all(pictures.map((picture) => ask(server, project, picture, startedAt)));
    for (const { name, answers } of recorded)
      if (answers.every(({ series }) => series.length === 0))
        throw new Error(`no panel of dashboard ${name} has data: nothing is drawn`);
    return recorded;
  } finally {
    demo.kill('SIGTERM');
    await server.close();
  }
}

export function readDashboard(project: string, name: string): Dashboard {
  return JSON.parse(readFileSync(path.join(project, `dashboards/thinpool-${name}.json`), 'utf8'));
}

/** The demo under a plausible host name. */
function scraping(address: string): object {
  return {
    global: { scrape_interval: '1s', scrape_timeout: '900ms' },
    scrape_configs: [
      {
        job_name: 'thinpool',
        static_configs: [{ targets: [address] }],
        relabel_configs: [{ target_label: 'instance', replacement: instance }],
      },
    ],
  };
}

async function ask(server: Running, project: string, picture: Picture, startedAt: number): Promise<Recorded> {
  const { name, at, chosen } = picture;
  const dashboard = readDashboard(project, name);
  const from = startedAt;
  const to = startedAt + at;
  const asked = dashboard.panels.flatMap((panel: Panel) =>
    (panel.targets ?? []).map(async (target) => {
      const expr = substitute(target.expr, dashboard, chosen);
      const series = await (target.instant ? server.now(expr, to) : server.over(expr, from, to, 1));
      return { panel: panel.id, refId: target.refId, series };
    }),
  );
  return { name, answers: await Promise.all(asked), from, to };
}
