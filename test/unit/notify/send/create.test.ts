import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collectors } from '../../../../src/collectors/index.ts';
import { load } from '../../../../src/config/load.ts';
import type { Config } from '../../../../src/config/options.ts';
import { createLogger } from '../../../../src/log.ts';
import { checkNotify, describeNotify, type Notify, openNotify } from '../../../../src/notify/send/create.ts';
import { makeSnapshot } from '../../../support/makers.ts';

let folder: string;
let logged: string[];
let notify: Notify | undefined;
const requests: IncomingMessage[] = [];
const server = createServer((request, response) => {
  requests.push(request);
  response.end();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'thinpool-notify-'));
  logged = [];
  requests.length = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await notify?.close();
  notify = undefined;
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
const url = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

function put(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function configOf(...argv: readonly string[]): Config {
  const loaded = load({ argv, environment: {}, readText: () => '', collectors });
  if (loaded.kind !== 'run') throw new Error(JSON.stringify(loaded));
  return loaded.config;
}

async function open(...argv: readonly string[]): Promise<Notify> {
  const config = configOf(...argv);
  const log = createLogger(config, { write: (line) => logged.push(line) });
  const host = { ...makeSnapshot().host, takenAt: 0 };
  const latest = () => makeSnapshot({ host: { ...host, takenAt: Date.now() } });
  const opened = await openNotify({ config, latest, now: Date.now, log });
  if (!('start' in opened)) throw new Error(opened.join('\n'));
  notify = opened;
  return opened;
}

it('without an option does nothing', async () => {
  const { state, start } = await open();
  start();
  expect(state()).toEqual({});
  expect(logged).toEqual([]);
});

describe('what is wrong with the files', () => {
  it('is found before it starts', async () => {
    const problems = await checkNotify(
      configOf(
        `--notify.config.file=${join(folder, 'none')}`,
        `--notify.heartbeat.url-file=${put('h', 'x')}`,
      ),
    );
    expect(problems).toEqual([
      expect.stringContaining('none: cannot read the file: no such file or directory'),
      '--notify.heartbeat.url-file: expected an http or https URL on the first line',
    ]);
  });

  it('is a captured host, which informs no one', async () => {
    const heartbeat = `--notify.heartbeat.url-file=${put('h', url('/'))}`;
    expect(await checkNotify(configOf('--replay=x', heartbeat))).toEqual([
      expect.stringContaining('--notify.heartbeat.url-file cannot be combined with --replay'),
    ]);
  });
});

it('is described without a secret', async () => {
  put('u', url('/s3cret'));
  const file = put(
    'n.yml',
    `receivers:
  - { name: chat, format: slack, url_file: u }
  - { name: mail, type: email, server: mail.example.org, from: a@b, to: ops@example.org }
  - { name: pager, type: exec, program: /bin/sh, args: [s3cret] }
`,
  );
  const described = await describeNotify(
    configOf(`--notify.config.file=${file}`, `--notify.heartbeat.url-file=${put('h', url('/s3cret'))}`),
  );
  expect(described).toEqual({
    receivers: [
      { name: 'chat', text: 'webhook, format slack' },
      { name: 'mail', text: 'mail to ops@example.org by mail.example.org, port 587, starttls' },
      { name: 'pager', text: expect.stringMatching(/^program \/(?:usr\/)?bin\/\w+$/) },
    ],
    hasHeartbeat: true,
    problems: [],
  });
});

it('knows the addresses of its receivers, before and after a reload', async () => {
  const mail = '{ name: m, type: email, server: "192.0.2.7:25", from: a@b, to: c@d }';
  const file = put(
    'n.yml',
    `receivers: [{ name: a, url: "http://192.0.2.5/x" }, { name: n, url: "http://name/" }, ${mail}]`,
  );
  const { addresses, reload } = await open(`--notify.config.file=${file}`);
  expect(addresses()).toEqual(['192.0.2.5', '192.0.2.7']);
  put(
    'n.yml',
    'receivers: [{ name: e, type: exec, program: /bin/sh }, { name: a, url: "http://192.0.2.6" }]',
  );
  await reload();
  expect(addresses()).toEqual(['192.0.2.6']);
});

describe('a reload', () => {
  it('takes other receivers, and keeps the present ones if the file is invalid', async () => {
    const file = put('n.yml', `receivers: [{ name: a, url: "${url('/')}" }]`);
    const { state, start, reload } = await open(`--notify.config.file=${file}`);
    start();
    const names = () => state().notifier?.receivers.map(({ name }) => name);
    put('n.yml', `receivers: [{ name: b, url: "${url('/')}" }]`);
    await reload();
    expect(names()).toEqual(['b']);
    put('n.yml', 'receivers: x');
    await reload();
    expect(names()).toEqual(['b']);
    expect(state().notifier?.lastReloadWorked).toBe(false);
    put('n.yml', `receivers: [{ name: c, url: "${url('/')}" }]`);
    await reload();
    expect(state().notifier?.lastReloadWorked).toBe(true);
  });
});

it('a heartbeat is a GET of the secret address, which is in no log', async () => {
  const { state, start } = await open(`--notify.heartbeat.url-file=${put('h', url('/s3cret?a=1'))}`);
  start();
  await expect.poll(() => requests.length, { timeout: 5000 }).toBe(1);
  expect([requests[0]?.method, requests[0]?.url]).toEqual(['GET', '/s3cret?a=1']);
  await expect.poll(() => state().heartbeat?.posts.ok).toBe(1);
  expect(logged.join('')).not.toContain('s3cret');
});
