import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerArguments } from '../../../demo/alerting/command-lines.ts';
import { type Message, openWebhook } from '../../../demo/alerting/webhook.ts';
import { wireAlertmanager } from '../../../demo/alerting/wiring.ts';
import { freePort } from '../../../demo/ports.ts';
import { alertmanagerExample } from '../../../src/alerting/prometheus/alertmanager.ts';
import { rulesFile } from '../../../src/alerting/prometheus/rule-files.ts';
import { blocksOf } from '../../support/documents.ts';
import { describeWith } from '../../support/needs.ts';
import { type Running, startPrometheus, startServer } from '../dashboards/prometheus.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/fleet.md'), 'utf8');
const [written = ''] = blocksOf(guide, 'yaml').filter((block) => block.includes('labeldrop'));
const groupSeconds = 1;

interface Config {
  readonly global: { readonly external_labels: Readonly<Record<string, string>> };
  readonly alerting: object;
}

describeWith('prometheus', 'alertmanager')('a pair of Prometheus servers', () => {
  const folder = mkdtempSync(join(tmpdir(), 'thinpool-pair-'));
  const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const received: Message[] = [];
  const pair: Running[] = [];
  let alertmanager = '';

  beforeAll(async () => {
    const exporter = createServer((_, response) => {
      response.end(
        'thinpool_finding{code="data-full",severity="critical",pool="vg-pool",resource="data"} 1\n',
      );
    });
    await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', () => resolve()));
    closing.push(
      () => exporter.close(),
      () => exporter.closeAllConnections(),
    );
    const sink = await openWebhook(0, (message) => received.push(message));
    closing.push(sink.close);

    alertmanager = `127.0.0.1:${await freePort(23_700)}`;
    const config = join(folder, 'alertmanager.yml');
    const routes = wireAlertmanager(alertmanagerExample(), { webhook: sink.address });
    writeFileSync(config, routes.replaceAll(/group_interval: .*/g, `group_interval: ${groupSeconds}s`));
    const storage = join(folder, 'alertmanager');
    mkdirSync(storage);
    const server = await startServer({
      program: 'alertmanager',
      args: alertmanagerArguments({ config, storage, address: alertmanager }),
      readyAt: `http://${alertmanager}/-/ready`,
      folder: storage,
    });
    closing.push(server.close);

    const rules = join(folder, 'rules.yml');
    writeFileSync(rules, rulesFile({ keepFiringFor: true }).replaceAll('interval: 5s', 'interval: 1s'));
    const target = `127.0.0.1:${(exporter.address() as AddressInfo).port}`;
    for (const replica of ['a', 'b']) {
      const { global, alerting } = parse(written) as Config;
      const running = await startPrometheus({
        firstPort: 23_800,
        config: {
          global: { ...global, external_labels: { ...global.external_labels, replica } },
          alerting: { ...alerting, alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
          rule_files: [rules],
          scrape_configs: [
            { job_name: 'thinpool', scrape_interval: '1s', static_configs: [{ targets: [target] }] },
          ],
        },
      });
      pair.push(running);
      closing.push(running.close);
    }
  }, 60_000);

  afterAll(async () => {
    for (const close of closing.toReversed()) await close();
  });

  it('page once', { timeout: 60_000 }, async () => {
    const hasSent = async ({ url }: Running): Promise<void> => {
      const page = await (await fetch(`${url}/metrics`)).text();
      const sent = /^prometheus_notifications_sent_total\{.*\} (?<count>\d+)$/m.exec(page)?.groups?.['count'];
      expect(Number(sent)).toBeGreaterThan(0);
      const { data } = (await (await fetch(`${url}/api/v1/alerts`)).json()) as {
        data: { alerts: { labels: Record<string, string>; state: string }[] };
      };
      expect(data.alerts.map(({ labels }) => labels['alertname'])).toContain('ThinPoolFull');
    };
    for (const server of pair) await vi.waitFor(() => hasSent(server), { timeout: 30_000, interval: 200 });
    // As long as a second page would have taken.
    await new Promise((resolve) => setTimeout(resolve, 3000 * groupSeconds));
    const pages = received.filter(({ to }) => to === 'page');
    expect(pages.map(({ alerts }) => alerts.map(({ labels }) => labels['alertname']))).toEqual([
      ['ThinPoolFull'],
    ]);
    const [labels] = pages.flatMap(({ alerts }) => alerts.map((alert) => alert.labels));
    expect(labels).toMatchObject({ cluster: 'east', pool: 'vg-pool' });
    expect(labels).not.toHaveProperty('replica');
  });
});
