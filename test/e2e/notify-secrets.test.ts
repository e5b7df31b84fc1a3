import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect } from 'vitest';
import { freePort } from '../../demo/ports.ts';
import { makeAuthority } from '../support/certificates.ts';
import { itWith } from '../support/needs.ts';
import { buildProgram, runProgram, startProgram, writeTools } from '../support/program.ts';

/** Every secret that the file of receivers, and the files that it names, can have. */
const secrets = {
  url: 'T0-s3cret-path',
  query: 's3cret-query',
  token: 's3cret-token',
  password: 's3cret-password',
  bot: 'bot1:s3cret-bot',
  mail: 's3cret-mail+/=',
  heartbeat: 's3cret-heartbeat',
} as const;

/** As they are, and as they may be written elsewhere. */
const forms = Object.values(secrets).flatMap((secret) => [
  secret,
  encodeURIComponent(secret),
  ...['', 'me:', '\0me\0'].map((before) =>
    Buffer.from(before + secret)
      .toString('base64')
      .replace(/=+$/, ''),
  ),
]);

const folder = mkdtempSync(join(tmpdir(), 'thinpool-secrets-'));
const put = (name: string, content: string): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const seen: string[] = [];
/** It repeats everything that it is sent, and refuses it. */
const web = createServer((request, response) => {
  const answer = `${request.url} ${JSON.stringify(request.headers)}`;
  seen.push(answer);
  response.writeHead(request.url?.includes('redirect') ? 302 : 403, {
    location: `http://127.0.0.1:1${request.url}`,
  });
  response.end(answer);
});
let mail: SMTPServer;
let tools: string;
beforeAll(async () => {
  buildProgram();
  makeAuthority(folder).issue('server');
  const pem = (name: string) => readFileSync(join(folder, name), 'utf8');
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  mail = new SMTPServer({
    key: pem('server.key'),
    cert: pem('server.crt'),
    onAuth: ({ username, password }, _, done) => {
      seen.push(`${password}`);
      done(Object.assign(new Error(`wrong: ${username} ${password}`), { responseCode: 535 }));
    },
  });
  mail.on('error', () => {});
  await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve));
  tools = writeTools(join(folder, 'tools'), {
    dmsetup: `case "$*" in
  *version*) echo "Library version:   1.02.185 (2022-05-18)" ;;
  *info*) echo "253|2|L--w|1|0||p" ;;
  *table*) echo "p: 0 409600 thin-pool 253:0 253:1 128 0 0" ;;
  *status*) echo "0 409600 thin-pool 1 20/1024 3200/3200 - out_of_data_space discard_passdown queue_if_no_space - 256" ;;
esac`,
  });
}, 60_000);
afterAll(() => {
  web.close();
  web.closeAllConnections();
  mail.close();
  rmSync(folder, { recursive: true });
});

function writeReceivers(): void {
  const base = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  put('hook.url', `${base}/${secrets.url}?a=${secrets.query}\n`);
  put('redirect.url', `${base}/redirect/${secrets.url}\n`);
  put('token', `${secrets.token}\n`);
  put('auth', `me:${secrets.password}\n`);
  put('telegram.url', `${base}/${secrets.bot}/sendMessage\n`);
  put('mail.password', `${secrets.mail}\n`);
  put('heartbeat.url', `${base}/${secrets.heartbeat}\n`);
  const { port } = mail.server.address() as AddressInfo;
  put(
    'notify.yml',
    `receivers:
  - { name: hook, url_file: hook.url, token_file: token }
  - { name: redirect, url_file: redirect.url }
  - { name: own, url: "${base}/own", basic_auth_file: auth }
  - { name: team, format: telegram, url_file: telegram.url, chat_id: "1" }
  - name: mail
    type: email
    server: 127.0.0.1:${port}
    user: me
    password_file: mail.password
    ca_file: ca.crt
    from: a@b.example
    to: c@d.example
`,
  );
}

/** Every file below a folder. */
function contentsOf(place: string): readonly string[] {
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .map((name) => join(place, name))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'));
}

itWith('openssl')(
  'no secret of notifications is in what the exporter logs, serves, prints or writes',
  { timeout: 90_000 },
  async () => {
    writeReceivers();
    const address = `127.0.0.1:${await freePort(39_600)}`;
    put(
      'options.yml',
      `notify:
  config: { file: ${join(folder, 'notify.yml')} }
  heartbeat: { url-file: ${join(folder, 'heartbeat.url')} }
`,
    );
    const files = [`--config.file=${join(folder, 'options.yml')}`];
    const options = [
      ...files,
      `--notify.state=${join(folder, 'state', 'notify.json')}`,
      `--web.listen-address=${address}`,
      '--notify.heartbeat.interval=5s',
      '--log.level=debug',
      '--metrics.set=all',
      '--collector.pools.interval=1s',
      '--collector.pools.timeout=900ms',
    ];
    const path = `${tools}:/usr/bin:/bin`;
    const exporter = startProgram(options, path);
    await exporter.logged(/msg="Listening"/);
    // All of them have been sent, and refused: what is searched for below was there.
    const sent = () =>
      Object.values(secrets).filter(
        (one) =>
          !seen.some(
            (text) => text.includes(one) || text.includes(Buffer.from(`me:${one}`).toString('base64')),
          ),
      );
    await expect.poll(sent, { timeout: 30_000, interval: 200 }).toEqual([]);
    const get = async (where: string): Promise<string> => {
      const response = await fetch(`http://${address}${where}`);
      return `${JSON.stringify([...response.headers])}${await response.text()}`;
    };
    await expect
      .poll(() => get('/metrics'), { timeout: 20_000 })
      .toMatch(/receiver="mail",outcome="refused"\} [1-9]/);
    const texts: Record<string, readonly string[]> = {};
    texts['HTTP'] = await Promise.all(
      [
        '/metrics',
        '/',
        '/-/ready',
        '/-/healthy',
        '/api/v1/pools',
        '/api/v1/findings',
        '/api/v1/collectors',
        '/none',
      ].map(get),
    );
    expect(texts['HTTP'][1]).toContain('SMTP 535');

    // A secret in the wrong place.
    put(
      'notify.yml',
      `receivers: [{ name: hook, url: "https://me:${secrets.password}@host/", token: ${secrets.token} }]\n`,
    );
    exporter.child.kill('SIGHUP');
    await exporter.logged(/Receivers of notifications rejected/);
    texts['problems'] = [JSON.stringify(await runProgram(['config', '--check', ...files], path))];
    writeReceivers();
    put('token', `${secrets.token} ${secrets.token}\n`);
    texts['problems of files'] = [JSON.stringify(await runProgram(['config', '--check', ...files], path))];
    writeReceivers();
    texts['commands'] = await Promise.all(
      [
        ['config', ...files],
        ['config', '--check', ...files],
        ['doctor', ...files],
        ['notify', ...files],
        ['check', ...files],
        ['capture', join(folder, 'captured'), ...files],
      ].map(async (args) => JSON.stringify(await runProgram([...args, '--log.level=debug'], path))),
    );
    expect(texts['commands'][3]).toContain('failed: SMTP 535 after AUTH PLAIN');
    texts['capture'] = contentsOf(join(folder, 'captured'));
    expect(texts['capture'].length).toBeGreaterThan(3);
    expect(texts['commands'].slice(2, 4).join('')).not.toContain('not an option');
    exporter.child.kill('SIGTERM');
    const { code, stdout, stderr } = await exporter.ended;
    expect(code).toBe(0);
    texts['log'] = [stdout, stderr];
    texts['state'] = contentsOf(join(folder, 'state'));
    expect(texts['state'].join('')).toContain('ThinPoolFull');

    const found = Object.entries(texts).flatMap(([where, all]) =>
      forms.filter((form) => all.some((one) => one.includes(form))).map((form) => `${where}: ${form}`),
    );
    expect(found).toEqual([]);
  },
);
