import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../demo/ports.ts';
import { buildProgram, type Running, runProgram, startProgram, writeTools } from '../support/program.ts';

interface Received {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readonly<Record<string, unknown>>;
}

const secret = 's3cret-of-the-receiver';
const folder = mkdtempSync(join(tmpdir(), 'thinpool-notify-'));
const received: Received[] = [];
const put = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
let answer = 200;
const server = createServer(async (request, response) => {
  const body = await text(request);
  received.push({
    url: request.url ?? '',
    headers: request.headers,
    body: body === '' ? {} : JSON.parse(body),
  });
  response.writeHead(answer).end(`no such path: ${request.url}`);
});
let port: number;
let tools: string;
let status: string;
let web: string;
beforeAll(async () => {
  buildProgram();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  web = `127.0.0.1:${await freePort(39_400)}`;
  status = join(folder, 'status');
  fill(100);
  tools = writeTools(join(folder, 'tools'), {
    dmsetup: `case "$*" in
  *version*) echo "Library version:   1.02.185 (2022-05-18)" ;;
  *info*) echo "253|2|L--w|1|0||p" ;;
  *table*) echo "p: 0 409600 thin-pool 253:0 253:1 128 0 0" ;;
  *status*) cat '${status}' ;;
esac`,
  });
}, 60_000);
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

/** `used` of 3200 blocks. */
function fill(used: number): void {
  const mode = used === 3200 ? 'out_of_data_space' : 'rw';
  put(
    'status',
    `0 409600 thin-pool 1 20/1024 ${used}/3200 - ${mode} discard_passdown queue_if_no_space - 256\n`,
  );
}

function start(): Running {
  return startProgram(
    [
      `--web.listen-address=${web}`,
      `--notify.config.file=${join(folder, 'notify.yml')}`,
      `--notify.state=${join(folder, 'state', 'notify.json')}`,
      `--notify.heartbeat.url-file=${join(folder, 'heartbeat.url')}`,
      '--notify.heartbeat.interval=5s',
      '--log.level=debug',
      '--collector.pools.interval=1s',
      '--collector.pools.timeout=900ms',
    ],
    `${tools}:/usr/bin:/bin`,
  );
}
const pages = () => received.filter(({ url }) => url.startsWith('/hook'));
const alerts = () => pages().map(({ body }) => [body['status'], body['alert'], body['id']]);
const soon = { timeout: 20_000, interval: 100 };

it('notifies through a restart, takes another file on SIGHUP, and keeps its secrets', async () => {
  put('hook.url', `http://127.0.0.1:${port}/hook/${secret}\n`);
  put('token', `${secret}-token\n`);
  put('heartbeat.url', `http://127.0.0.1:${port}/beat/${secret}\n`);
  put('notify.yml', 'receivers: [{ name: hook, url_file: hook.url, token_file: token }]\n');
  const first = start();
  const logs: string[] = [];
  await first.logged(/msg="Listening"/);

  // The heartbeat begins once everything has been read.
  await expect.poll(() => received.some(({ url }) => url.startsWith('/beat')), soon).toBe(true);
  answer = 500;
  fill(3200);
  await expect.poll(() => pages().length, soon).toBeGreaterThan(0);
  expect(pages()[0]?.headers).toMatchObject({
    authorization: `Bearer ${secret}-token`,
    'idempotency-key': pages()[0]?.body['id'],
  });
  first.child.kill('SIGKILL');
  logs.push((await first.ended).stderr);

  answer = 200;
  const before = pages().length;
  const second = start();
  await second.logged(/msg="Listening"/);
  await expect.poll(() => pages().length, soon).toBeGreaterThan(before);
  expect(new Set(alerts().map(String)).size).toBe(1);
  expect(alerts()[0]?.slice(0, 2)).toEqual(['firing', 'ThinPoolFull']);

  const get = async (path: string) => (await fetch(`http://${web}${path}`)).text();
  await expect
    .poll(() => get('/metrics'), soon)
    .toMatch(/^thinpool_notify_posts_total\{receiver="hook",outcome="ok"\} 1$/m);
  const shown = [await get('/metrics'), await get('/'), await get('/api/v1/findings')];
  expect(shown[1]).toContain('<h2 id="notify-title">Notifications</h2>');

  put('notify.yml', 'receivers: [{ name: hook, url: x }]\n');
  second.child.kill('SIGHUP');
  await second.logged(/Receivers of notifications rejected/);
  put('notify.yml', `receivers: [{ name: other, format: ntfy, url: "http://127.0.0.1:${port}/topic" }]\n`);
  second.child.kill('SIGHUP');
  await expect.poll(() => received.some(({ body }) => body['topic'] === 'topic'), soon).toBe(true);

  second.child.kill('SIGTERM');
  const { code, stderr } = await second.ended;
  expect(code).toBe(0);
  logs.push(stderr);
  expect(logs.join('')).toMatch(
    /level=ERROR msg="Finding reported" code=data-full-queueing severity=critical pool=p /,
  );
  logs.push(readFileSync(join(folder, 'state', 'notify.json'), 'utf8'));
  expect([...logs, ...shown].filter((one) => one.includes('s3cret'))).toEqual([]);
}, 90_000);

it('does not start with a wrong file, and config --check says why', async () => {
  const file = put('wrong.yml', 'receivers: [{ name: a, url_file: none }]\n');
  const { code, stderr } = await runProgram([`--notify.config.file=${file}`, `--web.listen-address=${web}`]);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /msg="Notification settings invalid" problem=".*receivers\.a: url_file: cannot read/,
  );
  const checked = await runProgram(['config', '--check', `--notify.config.file=${file}`]);
  expect(checked.code).toBe(2);
  expect(checked.stderr).toMatch(/wrong\.yml:1: receivers\.a: url_file: cannot read the file/);
});
