import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertmanagerArguments } from '../../../demo/alerting/command-lines.ts';
import { type Message, openWebhook, type Webhook } from '../../../demo/alerting/webhook.ts';
import { wireAlertmanager } from '../../../demo/alerting/wiring.ts';
import { alertmanagerExample } from '../../../src/alerting/prometheus/alertmanager.ts';
import { describeWith } from '../../support/needs.ts';
import { tool } from '../../support/tools.ts';

type Labels = Readonly<Record<string, string>>;

const pool = { instance: 'host:10058', pool: 'vg-pool' };
const page = { severity: 'critical', page: 'true' };
const warning = { severity: 'warning' };
const data = { resource: 'data' };
const full = { target: 'full' };
const minimumFree = { target: 'minimum_free' };
const named = (alertname: string, ...labels: readonly Labels[]): Labels =>
  Object.assign({ alertname }, ...labels);

/** Which of the alerts that fire together are not notified. One host per row. */
const rows: readonly {
  readonly what: string;
  readonly loud: readonly Labels[];
  readonly quiet: readonly Labels[];
}[] = [
  {
    what: 'a full pool',
    loud: [named('ThinPoolFull', pool, page, data)],
    quiet: [
      named('ThinPoolBelowMinimumFree', pool, page, data),
      named('ThinPoolRunsOutInMinutes', pool, page, data, full),
      named('ThinPoolRunsOutInHours', pool, page, data, minimumFree),
      named('ThinPoolNearlyFull', pool, warning, data, full),
      named('ThinPoolAutoextendNoRoom', pool, page, data),
    ],
  },
  {
    what: 'another resource, another pool, another host',
    loud: [
      named('ThinPoolFull', pool, page, data),
      named('ThinPoolRunsOutInMinutes', pool, page, full, { resource: 'metadata' }),
      named('ThinPoolRunsOutInMinutes', pool, page, data, full, { pool: 'other' }),
      named('ThinPoolRunsOutInMinutes', pool, page, data, full, { instance: 'far:10058' }),
      named('ThinPoolTasksHang', page, { instance: 'host:10058' }),
      named('ThinPoolCollectorFailing', warning, { instance: 'host:10058', collector: 'lvm' }),
    ],
    quiet: [],
  },
  {
    what: 'a broken pool',
    loud: [named('ThinPoolFailed', pool, page)],
    quiet: [named('ThinPoolBelowMinimumFree', pool, page, data)],
  },
  {
    what: 'a pool below its minimum free, and filling up',
    loud: [
      named('ThinPoolBelowMinimumFree', pool, page, data),
      named('ThinPoolRunsOutInMinutes', pool, page, data, full),
    ],
    quiet: [
      named('ThinPoolRunsOutInMinutes', pool, page, data, minimumFree),
      named('ThinPoolRunsOutInHours', pool, page, data, full),
      named('ThinPoolRunsOutInHours', pool, warning, data, full),
    ],
  },
  {
    what: 'hours, and the level',
    loud: [named('ThinPoolRunsOutInHours', pool, page, data, full)],
    quiet: [
      named('ThinPoolRunsOutInHours', pool, warning, data, full),
      named('ThinPoolNearlyFull', pool, page, data, full),
    ],
  },
  {
    what: 'an exporter that is not there',
    loud: [named('ThinPoolExporterDown', page, { instance: 'host:10058' })],
    quiet: [
      named('ThinPoolBlind', pool, page),
      named('ThinPoolVanished', pool, warning),
      named('ThinPoolCollectorFailing', warning, { instance: 'host:10058', collector: 'lvm' }),
    ],
  },
  {
    what: 'no exporter at all, which has no instance',
    loud: [named('ThinPoolExporterDown', page), named('ThinPoolBlind', page, { pool: 'vg-pool' })],
    quiet: [],
  },
  {
    what: 'a query that hangs',
    loud: [named('ThinPoolStalled', pool, page)],
    quiet: [named('ThinPoolBlind', pool, page)],
  },
  {
    what: 'a risk and a warning, which are not the same',
    loud: [
      named('ThinPoolHostFileSystemLow', pool, page, data),
      named('ThinPoolMetadataTooSmall', pool, warning, { resource: 'metadata' }),
      named('ThinPoolRisk', pool, { severity: 'info', code: 'autoextend-off' }),
    ],
    quiet: [named('ThinPoolHostFileSystemLow', pool, warning, data)],
  },
  {
    what: 'the same at two severities, of what is neither data nor metadata',
    loud: [named('ThinPoolSuspended', pool, page)],
    quiet: [named('ThinPoolSuspended', pool, warning)],
  },
];

/** Rows do not touch each other: each has hosts of its own. */
const onHost = (labels: Labels, row: number): Labels =>
  labels['instance'] === undefined ? labels : { ...labels, instance: `${row}-${labels['instance']}` };
const key = (labels: Labels): string => JSON.stringify(Object.entries(labels).sort());

describe.each(['alertmanager', 'alertmanager-sid'] as const)('inhibition and routes', (program) =>
  describeWith(program)(`of a real ${program}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'thinpool-alertmanager-'));
    const received: Message[] = [];
    let child: ChildProcess;
    let sink: Webhook;
    let base = '';

    beforeAll(async () => {
      sink = await openWebhook(0, (message) => received.push(message));
      writeFileSync(
        join(folder, 'config.yml'),
        wireAlertmanager(alertmanagerExample(), { webhook: sink.address })
          // A ticket need not be waited for here.
          .replace('group_wait: 1m', 'group_wait: 0s'),
      );
      const free = createServer();
      const own = await listen(free);
      await new Promise((resolve) => free.close(resolve));
      const address = `127.0.0.1:${own}`;
      base = `http://${address}`;
      const config = join(folder, 'config.yml');
      child = spawn(tool(program), alertmanagerArguments({ config, storage: folder, address }), {
        stdio: 'ignore',
      });
      await until(async () => (await fetch(`${base}/-/ready`)).ok);
      const post = async (alerts: readonly Labels[]): Promise<void> => {
        const body = JSON.stringify(alerts.map((labels) => ({ labels })));
        const headers = { 'content-type': 'application/json' };
        const { status } = await fetch(`${base}/api/v2/alerts`, { method: 'POST', headers, body });
        expect(status).toBe(200);
      };
      // Alertmanager may send an alert before it has received the one that inhibits it, if both arrive at the same instant.
      await post(rows.flatMap(({ loud }, row) => loud.map((labels) => onHost(labels, row))));
      await until(() => Promise.resolve(received.some(({ to }) => to === 'page')));
      await new Promise((resolve) => setTimeout(resolve, 500));
      await post([
        ...rows.flatMap(({ quiet }, row) => quiet.map((labels) => onHost(labels, row))),
        named('ThinPoolWatchdog', { severity: 'none' }),
      ]);
      await until(() => Promise.resolve(received.some(({ to }) => to === 'ticket')));
      await until(() => Promise.resolve(received.some(({ to }) => to === 'dead-mans-switch')));
      // An inhibited alert is never sent: wait as long as sending it would have taken.
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }, 60_000);

    afterAll(async () => {
      const ended = once(child, 'exit');
      child.kill();
      // It writes its state when it ends.
      await ended;
      sink.close();
      rmSync(folder, { recursive: true, force: true });
    });

    it.each(rows.map((row, index) => [row.what, row, index] as const))(
      '%s',
      async (_, { loud, quiet }, row) => {
        const all = (await (await fetch(`${base}/api/v2/alerts`)).json()) as {
          labels: Labels;
          status: { state: string };
        }[];
        const states = new Map(all.map(({ labels, status }) => [key(labels), status.state]));
        const stateOf = (labels: Labels) => ({ labels, state: states.get(key(onHost(labels, row))) });
        expect(loud.map(stateOf)).toEqual(loud.map((labels) => ({ labels, state: 'active' })));
        expect(quiet.map(stateOf)).toEqual(quiet.map((labels) => ({ labels, state: 'suppressed' })));

        const receivers = (labels: Labels): string[] =>
          received
            .filter(({ alerts }) => alerts.some((alert) => key(alert.labels) === key(onHost(labels, row))))
            .map(({ to }) => to);
        for (const labels of loud)
          expect({ labels, to: receivers(labels) }).toEqual({
            labels,
            to: labels['page'] ? ['page'] : labels['severity'] === 'info' ? [] : ['ticket'],
          });
        for (const labels of quiet) expect({ labels, to: receivers(labels) }).toEqual({ labels, to: [] });
      },
    );

    it("the dead man's switch receives the watchdog, and of nothing else", () => {
      const names = received
        .filter(({ to }) => to === 'dead-mans-switch')
        .flatMap(({ alerts }) => alerts.map(({ labels }) => labels['alertname']));
      expect(new Set(names)).toEqual(new Set(['ThinPoolWatchdog']));
    });

    it('a page comes alone', () => {
      for (const { to, alerts } of received) if (to === 'page') expect(alerts).toHaveLength(1);
    });
  }),
);

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let left = 200; left > 0; left -= 1) {
    if (await isSo().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  throw new Error('waited in vain');
}
