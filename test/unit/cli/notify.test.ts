import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { notify } from '../../../src/cli/notify.ts';
import { runCommand } from './run-command.ts';

let folder: string;
let bodies: Record<string, unknown>[] = [];
const server = createServer(async (request, response) => {
  bodies.push(JSON.parse(await text(request)));
  response.writeHead(request.url === '/s3cret' ? 403 : 200).end('s3cret');
});
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'thinpool-notify-'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFileSync(join(folder, 'url'), `${url}/s3cret\n`);
  writeFileSync(
    join(folder, 'n.yml'),
    `receivers: [{ name: phone, format: ntfy, url: "${url}/topic" }, { name: own, url: "${url}" }, { name: chat, format: slack, url_file: url }]
routes: [{ receivers: [own], severities: critical }]`,
  );
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  bodies = [];
});
const run = (...argv: readonly string[]) =>
  runCommand(notify, ['notify', `--notify.config.file=${join(folder, 'n.yml')}`, '--host-name=db1', ...argv]);

it('sends a test to all receivers, whatever their routes, and says what came of it', async () => {
  const { code, stdout, stderr } = await run();
  expect([code, stderr]).toEqual([1, '']);
  const times = stdout.replaceAll(/in [\d.]+m?s/g, 'in TIME');
  expect(times).toBe(
    'phone  ntfy   accepted in TIME\nown    json   accepted in TIME\nchat   slack  failed: HTTP 403\n',
  );
  expect(bodies).toHaveLength(3);
});

it('sends it to one', async () => {
  expect(await run('own')).toMatchObject({ code: 0, stderr: '' });
  expect(bodies).toMatchObject([
    {
      status: 'firing',
      severity: 'info',
      host: 'db1',
      alert: 'Test',
      title: 'Test notification of thinpool-exporter on db1; nothing is wrong',
    },
  ]);
});

it('knows what it does not have', async () => {
  expect(await run('phon')).toEqual({
    code: 2,
    stdout: '',
    stderr: `phon: there is no such receiver in ${folder}/n.yml (did you mean phone?)\n`,
  });
  expect(await runCommand(notify, ['notify'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'there are no receivers: --notify.config.file is not set\n',
  });
  writeFileSync(join(folder, 'wrong.yml'), 'receivers: x');
  expect(await runCommand(notify, ['notify', `--notify.config.file=${folder}/wrong.yml`])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('receivers: expected a sequence'),
  });
  expect(bodies).toEqual([]);
});
