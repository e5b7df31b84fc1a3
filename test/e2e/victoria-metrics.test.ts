import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { freePort } from '../../demo/ports.ts';
import { rulesFile, vmalertFile } from '../../src/alerting/prometheus/rule-files.ts';
import { type Running, startPrometheus, startServer } from '../artifacts/dashboards/prometheus.ts';
import { startVictoriaMetrics } from '../artifacts/dashboards/victoria-metrics.ts';
import { describeWith } from '../support/needs.ts';
import { run, tool } from '../support/tools.ts';

const project = join(import.meta.dirname, '../..');
/** Hosts whose pools have different findings. */
const hosts = ['lab-queueing', 'lab-failed', 'lab-needs-check', 'lab-recipe', 'lab-healthy'] as const;

const versions = [
  // It rejects the field, and the guide leaves it out in the same way.
  {
    name: '1.79',
    suffix: '-1.79',
    rules: vmalertFile().replaceAll(/^ *keep_firing_for:.*\n/gm, ''),
    flags: [],
  },
  // As the guide says: it evaluates half a minute in the past otherwise.
  { name: 'the newest', suffix: '', rules: vmalertFile(), flags: ['-rule.evalDelay=0s'] },
] as const;

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: string;
}

for (const { name, suffix, rules, flags } of versions) {
  const victoriaMetrics = `victoria-metrics${suffix}` as const;
  const [vmagent, vmalert] = [`vmagent${suffix}`, `vmalert${suffix}`] as const;
  describeWith(
    'prometheus',
    victoriaMetrics,
    vmagent,
    vmalert,
  )(`VictoriaMetrics, ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'thinpool-vmalert-'));
    const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
    /** What vmalert has sent to Alertmanager. */
    const sent = new Set<string>();
    let prometheus: Running;
    let victoria: Running;
    let alerter: string;

    function place(file: string, text: string): string {
      writeFileSync(join(folder, file), text);
      return join(folder, file);
    }

    async function startExporter(host: string, firstPort: number): Promise<string> {
      const address = `127.0.0.1:${await freePort(firstPort)}`;
      const replay = `--replay=${join(project, 'test/hosts', host)}`;
      const words = [join(project, 'dist/main.js'), 'serve', replay, `--web.listen-address=${address}`];
      const child = spawn(process.execPath, words, { stdio: 'ignore' });
      closing.push(async () => {
        child.kill();
        if (child.exitCode === null) await once(child, 'exit');
      });
      await vi.waitFor(async () => expect(await pageOf(address)).not.toMatch(/status="pending"\} 1$/m), {
        timeout: 30_000,
        interval: 100,
      });
      return address;
    }

    /** Returns its URL. */
    async function start(
      program: typeof vmagent | typeof vmalert,
      firstPort: number,
      args: readonly string[],
    ) {
      const own = join(folder, program);
      mkdirSync(own);
      const address = `127.0.0.1:${await freePort(firstPort)}`;
      const readyAt = `http://${address}/health`;
      const all = [`-httpListenAddr=${address}`, ...args];
      closing.push((await startServer({ program, args: all, readyAt, folder: own })).close);
      return `http://${address}`;
    }

    async function startAlertmanager(): Promise<string> {
      const server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        for (const alert of JSON.parse(Buffer.concat(chunks).toString()) as Alert[]) sent.add(textOf(alert));
        response.end();
      });
      const port = await freePort(23_200);
      server.listen(port, '127.0.0.1');
      closing.push(() => server.close());
      return `http://127.0.0.1:${port}`;
    }

    beforeAll(async () => {
      const targets = await Promise.all(hosts.map((host, at) => startExporter(host, 22_500 + 100 * at)));
      const scrape_configs = [{ job_name: 'thinpool', scrape_interval: '1s', static_configs: [{ targets }] }];
      victoria = await startVictoriaMetrics({ program: victoriaMetrics, firstPort: 23_100 });
      closing.push(victoria.close);
      await start(vmagent, 23_300, [
        `-promscrape.config=${place('scrape.json', JSON.stringify({ scrape_configs }))}`,
        `-remoteWrite.url=${victoria.url}/api/v1/write`,
        `-remoteWrite.tmpDataPath=${join(folder, 'queue')}`,
      ]);
      alerter = await start(vmalert, 23_400, [
        `-rule=${place('vmalert.yml', rules)}`,
        ...['datasource', 'remoteRead', 'remoteWrite'].map((flag) => `-${flag}.url=${victoria.url}`),
        `-notifier.url=${await startAlertmanager()}`,
        ...flags,
      ]);
      const rule_files = [place('prometheus.yml', rulesFile({ keepFiringFor: true }))];
      prometheus = await startPrometheus({ firstPort: 23_500, config: { scrape_configs, rule_files } });
      closing.push(prometheus.close);
    }, 60_000);

    afterAll(async () => {
      for (const close of closing.toReversed()) await close();
    });

    it('accepts the rules', () => {
      run(tool(vmalert), ['-dryRun', `-rule=${place('rules.yml', rules)}`]);
    });

    it('stores every series that Prometheus stores', { timeout: 90_000 }, async () => {
      const query = 'count by (__name__) ({job="thinpool",__name__!~"scrape_.*|ALERTS.*"})';
      const namesIn = async (server: Running): Promise<readonly string[]> => {
        const answers = await server.now(query, Date.now() / 1000);
        return answers
          .map(({ labels, points }) => `${labels['__name__']} ${points[0]?.[1]}`)
          .filter((series) => !series.includes(':'))
          .toSorted();
      };
      const complete = async () => {
        const stored = await namesIn(prometheus);
        // The last one to appear: growth is known half a minute after the exporters have started.
        expect(
          stored.filter((series) => series.startsWith('thinpool_growth_bytes_per_second ')),
        ).toHaveLength(1);
        expect(stored.length).toBeGreaterThan(50);
        expect(await namesIn(victoria)).toEqual(stored);
      };
      await expect.poll(() => complete().then(() => true), { timeout: 80_000, interval: 500 }).toBe(true);
    });

    it('has the same alerts with the same words, and sends them', { timeout: 60_000 }, async () => {
      const alertsFrom = async (url: string): Promise<readonly Alert[]> => {
        const answer = (await (await fetch(`${url}/api/v1/alerts`)).json()) as { data: { alerts: Alert[] } };
        return answer.data.alerts;
      };
      const isSame = async () => {
        const alerts = await alertsFrom(prometheus.url);
        const firing = alerts.filter(({ state }) => state === 'firing').map(textOf);
        expect(alerts.length).toBeGreaterThan(5);
        // Of those that are pending, it depends on the moment of the first evaluation when they fire.
        expect((await alertsFrom(alerter)).map(textOf).toSorted()).toEqual(alerts.map(textOf).toSorted());
        expect([...sent]).toEqual(expect.arrayContaining(firing));
      };
      await expect.poll(() => isSame().then(() => true), { timeout: 50_000, interval: 500 }).toBe(true);
    });

    it('has no rule that fails', async () => {
      const { data } = (await (await fetch(`${alerter}/api/v1/rules`)).json()) as {
        data: { groups: { rules: { name: string; lastError: string }[] }[] };
      };
      const all = data.groups.flatMap((group) => group.rules);
      expect(all.length).toBeGreaterThan(50);
      expect(all.filter(({ lastError }) => lastError !== '')).toEqual([]);
    });
  });
}

async function pageOf(address: string): Promise<string> {
  return (await fetch(`http://${address}/metrics`)).text();
}

/** vmalert adds a label with the group of the rule. */
function textOf({ labels, annotations }: Alert): string {
  const { alertgroup: _, ...own } = labels;
  return [own, annotations]
    .flatMap((of) =>
      Object.entries(of)
        .toSorted()
        .map(([name, value]) => `${name}=${value}`),
    )
    .join(' ');
}
