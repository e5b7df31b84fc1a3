import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { alertmanagerArguments } from '../../demo/alerting/command-lines.ts';
import { type Message, openWebhook, type Webhook } from '../../demo/alerting/webhook.ts';
import { wireAlertmanager } from '../../demo/alerting/wiring.ts';
import { freePort } from '../../demo/ports.ts';
import { alertmanagerExample } from '../../src/alerting/prometheus/alertmanager.ts';
import { blocksOf, commandsIn, documents } from '../support/documents.ts';
import { describeWith } from '../support/needs.ts';
import { run, tool } from '../support/tools.ts';

describeWith('alertmanager', 'amtool')('commands of the guides that talk to Alertmanager', () => {
  const folder = mkdtempSync(join(tmpdir(), 'thinpool-amtool-'));
  const received: Message[] = [];
  let sink: Webhook;
  let child: ChildProcess;
  let address: string;

  beforeAll(async () => {
    sink = await openWebhook(0, (message) => received.push(message));
    address = `127.0.0.1:${await freePort(39_300)}`;
    const config = join(folder, 'alertmanager.yml');
    const storage = join(folder, 'storage');
    mkdirSync(storage);
    const example = wireAlertmanager(alertmanagerExample(), { webhook: sink.address });
    writeFileSync(config, example.replaceAll(/group_interval: .*/g, 'group_interval: 1s'));
    child = spawn(tool('alertmanager'), alertmanagerArguments({ config, storage, address }), {
      stdio: 'ignore',
    });
    for (let left = 300; left > 0 && !(await isReady()); left -= 1) await sleep(50);
  }, 30_000);
  const isReady = async (): Promise<boolean> =>
    (await fetch(`http://${address}/-/ready`).catch(() => undefined))?.ok === true;
  afterAll(async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
    sink.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const commandOf = (guide: string, ...first: readonly string[]): readonly string[] => {
    const { text } = documents.find(({ file }) => file === `docs/guide/${guide}.md`)!;
    const commands = blocksOf(text, 'sh').flatMap(commandsIn);
    return commands.find((words) => first.every((word, index) => words[index] === word))!;
  };
  const type = ([, ...words]: readonly string[]): string =>
    run(
      tool('amtool'),
      words.map((word) => word.replace('localhost:9093', address)),
    );

  it('silences a pool for the weekend', async () => {
    const id = type(commandOf('silencing', 'amtool', 'silence', 'add')).trim();
    expect(type(commandOf('silencing', 'amtool', 'silence', 'query'))).toContain(id);
    const labels = {
      alertname: 'ThinPoolFull',
      instance: 'db1.example.org:10058',
      page: 'true',
      severity: 'critical',
    };
    const alerts = ['docker-thinpool', 'other'].map((pool) => ({ labels: { ...labels, pool } }));
    await fetch(`http://${address}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(alerts),
    });
    await expect.poll(() => poolsPaged(), { timeout: 10_000 }).toEqual(['other']);
    const silenced = await (await fetch(`http://${address}/api/v2/alerts?active=false&silenced=true`)).json();
    expect(silenced).toMatchObject([{ labels: { pool: 'docker-thinpool' }, status: { silencedBy: [id] } }]);
    type(['amtool', 'silence', 'expire', '--alertmanager.url=http://localhost:9093', id]);
    await expect.poll(() => poolsPaged(), { timeout: 10_000 }).toContain('docker-thinpool');
  });

  it('sends a page that looks like a real one', async () => {
    type(commandOf('alerting', 'amtool', 'alert', 'add'));
    await expect.poll(() => poolsPaged(), { timeout: 10_000 }).toContain('test');
  });

  const poolsPaged = (): readonly (string | undefined)[] =>
    received
      .filter(({ to }) => to === 'page')
      .flatMap(({ alerts }) => alerts)
      .map(({ labels }) => labels['pool']);
});
