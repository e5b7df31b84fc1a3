import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertmanagerArguments, prometheusArguments } from '../../demo/alerting/command-lines.ts';
import { type Message, openWebhook, type Webhook } from '../../demo/alerting/webhook.ts';
import { wireAlertmanager, wirePrometheus } from '../../demo/alerting/wiring.ts';
import { freePort } from '../../demo/ports.ts';
import { alertmanagerExample } from '../../src/alerting/prometheus/alertmanager.ts';
import { prometheusExample } from '../../src/alerting/prometheus/prometheus.ts';
import { AlertmanagerNotifier } from '../../src/alerting/push/notifier.ts';
import { openPost } from '../../src/alerting/push/post.ts';
import type { Finding } from '../../src/model/finding.ts';
import { makeSnapshot } from '../support/makers.ts';
import { describeWith, itWith } from '../support/needs.ts';
import { buildProgram, startProgram, writeTools } from '../support/program.ts';
import { tool } from '../support/tools.ts';

const rules = join(import.meta.dirname, '..', '..', 'alerts', 'thinpool.rules.yml');

interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  /** Prometheus says where the rule is; the exporter does not. */
  readonly generatorURL?: string;
}

const folder = mkdtempSync(join(tmpdir(), 'thinpool-direct-'));
const received: Message[] = [];
const children: ChildProcess[] = [];
let sink: Webhook;
let nextPort = 39_100;

beforeAll(async () => {
  sink = await openWebhook(0, (message) => received.push(message));
  buildProgram();
}, 60_000);
afterAll(async () => {
  for (const child of children) {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }
  sink.close();
  rmSync(folder, { recursive: true, force: true });
});

async function takePort(): Promise<number> {
  const port = await freePort(nextPort);
  nextPort = port + 1;
  return port;
}

function start(command: string, args: readonly string[]): void {
  children.push(spawn(command, [...args], { stdio: 'ignore' }));
}

/** An Alertmanager with the shipped routes, which evaluates its groups every second. */
async function startAlertmanager(): Promise<string> {
  const address = `127.0.0.1:${await takePort()}`;
  const storage = join(folder, address);
  mkdirSync(storage);
  const config = join(storage, 'config.yml');
  const example = wireAlertmanager(alertmanagerExample(), { webhook: sink.address });
  writeFileSync(config, example.replaceAll(/group_interval: .*/g, 'group_interval: 1s'));
  start(tool('alertmanager'), alertmanagerArguments({ config, storage, address }));
  await until(async () => (await fetch(`http://${address}/-/ready`)).ok);
  return address;
}

async function alertsOf(address: string, name: string): Promise<readonly Alert[]> {
  const filter = encodeURIComponent(`alertname="${name}"`);
  return (await (await fetch(`http://${address}/api/v2/alerts?filter=${filter}`)).json()) as Alert[];
}

const pagesOf = (name: string, status = 'firing') =>
  received
    .filter(({ to }) => to === 'page')
    .flatMap(({ alerts }) => alerts)
    .filter((alert) => alert.labels['alertname'] === name && alert.status === status);

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let left = 400; left > 0; left -= 1) {
    if (await Promise.resolve(isSo()).catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('waited in vain');
}

describeWith('alertmanager')('direct notifications, with a real Alertmanager', () => {
  it('arrives though another peer is down, and resolves when it is not sent any more', async () => {
    const [up, down] = [await startAlertmanager(), `127.0.0.1:${await takePort()}`];
    const finding: Finding = {
      code: 'pool-failed',
      severity: 'critical',
      pool: 'p',
      summary: 'It failed.',
      advice: 'Repair it.',
    };
    let view = makeSnapshot({ findings: [finding] });
    const page = new AlertmanagerNotifier({
      latest: () => view,
      peers: [down, up].map((address) => ({
        name: address,
        post: openPost({ url: new URL(`http://${address}/api/v2/alerts`), deadlineMs: 2000 }),
      })),
      labels: { job: 'thinpool', instance: 'resolves:1' },
      resendMs: 300,
      now: Date.now,
      log: { warn: () => {}, info: () => {}, error: () => {} },
      keepMs: () => 1500,
    });
    await until(() => pagesOf('ThinPoolFailed').length > 0);
    // Longer than its lease: what is re-sent stays.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(pagesOf('ThinPoolFailed', 'resolved')).toEqual([]);
    view = makeSnapshot();
    await until(() => pagesOf('ThinPoolFailed', 'resolved').length > 0);
    page.close();
    expect(pagesOf('ThinPoolFailed')).toHaveLength(1);
    expect(pagesOf('ThinPoolFailed', 'resolved')).toHaveLength(1);
    const { peers } = page.state();
    expect(peers[0]?.posts).toMatchObject({ ok: 0, unreachable: expect.any(Number) });
    expect(peers[1]?.posts.ok).toBeGreaterThan(5);
  }, 40_000);

  itWith('prometheus')('is one alert with that of Prometheus: one page', { timeout: 60_000 }, async () => {
    const [address, exporter] = [await startAlertmanager(), `127.0.0.1:${await takePort()}`];
    const status = join(folder, 'status');
    const healthy = '0 409600 thin-pool 1 20/1024 100/3200 - rw discard_passdown queue_if_no_space - 256\n';
    writeFileSync(status, healthy);
    const tools = writeTools(join(folder, 'tools'), {
      dmsetup: `
case "$*" in
  *version*) echo "Library version:   1.02.185 (2022-05-18)" ;;
  *info*) echo "253|2|L--w|1|0||p" ;;
  *table*) echo "p: 0 409600 thin-pool 253:0 253:1 128 0 0" ;;
  *status*) cat '${status}' ;;
esac`,
    });
    const program = startProgram(
      [
        `--web.listen-address=${exporter}`,
        `--alertmanager.url=http://${address}`,
        `--alertmanager.label=instance=${exporter}`,
        '--alertmanager.resend-interval=2s',
        '--collector.pools.interval=1s',
        '--collector.pools.timeout=900ms',
      ],
      `${tools}:/usr/bin:/bin`,
    );
    children.push(program.child);
    const server = `127.0.0.1:${await takePort()}`;
    const config = join(folder, 'prometheus.yml');
    writeFileSync(
      config,
      wirePrometheus(prometheusExample(), { exporter, alertmanager: address, rules })
        .replace('scrape_interval: 5s', 'scrape_interval: 1s')
        .replace('scrape_timeout: 4s', 'scrape_timeout: 1s'),
    );
    start(tool('prometheus'), [
      ...prometheusArguments({ config, storage: join(folder, 'data'), address: server }),
      // Otherwise it sends again after a minute, and the alert may be the exporter's again before the check.
      '--rules.alert.resend-delay=1s',
    ]);
    const metrics = async () => (await fetch(`http://${exporter}/metrics`)).text();
    await until(async () => (await metrics()).includes('thinpool_data_used_bytes{pool="p"} '));
    await until(async () => (await fetch(`http://${server}/-/ready`)).ok);
    expect(await metrics()).toContain('thinpool_alertmanager_alerts 0');

    writeFileSync(status, healthy.replace('100/3200 - rw', '3200/3200 - out_of_data_space'));
    await until(() => pagesOf('ThinPoolFull').length > 0);
    // First the exporter alone, then Prometheus, and the exporter again: each has posted the alert that the other one has.
    const isFromRule = async (expected: boolean): Promise<boolean> => {
      const [alert, ...others] = await alertsOf(address, 'ThinPoolFull');
      if (others.length > 0) throw new Error(JSON.stringify([alert, ...others]));
      return alert !== undefined && (alert.generatorURL ?? '').includes('/graph') === expected;
    };
    expect(await isFromRule(false)).toBe(true);
    await until(() => isFromRule(true));
    await until(() => isFromRule(false));
    expect(await alertsOf(address, 'ThinPoolFull')).toHaveLength(1);
    expect(pagesOf('ThinPoolFull').map(({ labels }) => labels)).toEqual([
      {
        alertname: 'ThinPoolFull',
        instance: exporter,
        job: 'thinpool',
        page: 'true',
        pool: 'p',
        resource: 'data',
        severity: 'critical',
      },
    ]);
    const page = await metrics();
    expect(page).toMatch(/^thinpool_alertmanager_posts_total\{peer="1",outcome="ok"\} [1-9]/m);
    expect(page).toMatch(/^thinpool_alertmanager_last_success_timestamp_seconds\{peer="1"\} 1/m);
    expect(page).toMatch(/^thinpool_alertmanager_alerts [1-9]/m);
  });
});
