import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSecretUrl } from '../../../../src/notify/file/files.ts';
import { loadNotifyConfig } from '../../../../src/notify/file/load.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'thinpool-notify-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function put(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}
const load = (text: string) => loadNotifyConfig(put('n.yaml', text), ['data-full']);
const receiver = (fields: string) => `receivers: [{ name: a, ${fields} }]`;

describe('a receiver', () => {
  it('of type webhook is the usual one', async () => {
    const { config } = await load(receiver('url: "https://a/b"'));
    expect(config?.receivers).toEqual([
      {
        type: 'webhook',
        name: 'a',
        format: 'json',
        url: new URL('https://a/b'),
        timeoutMs: 10_000,
        repeatMs: 14_400_000,
        sendsResolved: true,
        quietHours: [],
      },
    ]);
  });

  it('has what the file sets', async () => {
    const hours = '{ from: "22:00", to: "07:00", days: [Sat, Sun], time_zone: Europe/Berlin }';
    const { config } = await load(
      receiver(
        `format: ntfy, url: "https://a/b", timeout: 5s, repeat_interval: 1h, send_resolved: false, quiet_hours: [${hours}]`,
      ),
    );
    expect(config?.receivers).toMatchObject([
      {
        format: 'ntfy',
        mostAtOnce: 5,
        timeoutMs: 5000,
        repeatMs: 3_600_000,
        sendsResolved: false,
        quietHours: [{ from: 1320, to: 420, days: ['Sat', 'Sun'], timeZone: 'Europe/Berlin' }],
      },
    ]);
  });

  it.each([
    ['server: mail.example.org', { host: 'mail.example.org', port: 587 }, 'starttls'],
    ['server: mail.example.org, encryption: tls', { host: 'mail.example.org', port: 465 }, 'tls'],
    ['server: localhost, encryption: none', { host: 'localhost', port: 25 }, 'none'],
    ['server: "[::1]:2525"', { host: '::1', port: 2525 }, 'starttls'],
  ])('of type email has the usual port of its encryption: %s', async (fields, server, encryption) => {
    const { config, problems } = await load(
      receiver(`type: email, ${fields}, from: thinpool@db1.example, to: ops@example.org`),
    );
    expect(problems).toEqual([]);
    expect(config?.receivers).toEqual([
      {
        type: 'email',
        name: 'a',
        server,
        encryption,
        from: 'thinpool@db1.example',
        to: 'ops@example.org',
        mostAtOnce: 5,
        timeoutMs: 30_000,
        repeatMs: 14_400_000,
        sendsResolved: true,
        quietHours: [],
      },
    ]);
  });

  it('of type email reads its password from a file', async () => {
    put('password', 's3cret: with spaces\n');
    const { config } = await load(
      receiver('type: email, server: m, from: a@b, to: c@d, user: me, password_file: password'),
    );
    expect(config?.receivers).toMatchObject([{ login: { user: 'me', password: 's3cret: with spaces' } }]);
  });
});

describe('a receiver of type exec', () => {
  it('has the program that is run, without links, and its arguments', async () => {
    const { config } = await load(receiver('type: exec, program: /bin/sh, args: [-c, "echo a"]'));
    expect(config?.receivers).toMatchObject([
      { type: 'exec', program: realpathSync('/bin/sh'), args: ['-c', 'echo a'], timeoutMs: 10_000 },
    ]);
  });

  it('is refused if others could put another program in its place', async () => {
    const program = put('program', '#!/bin/sh');
    chmodSync(program, 0o755);
    const { config, problems } = await load(receiver(`type: exec, program: ${program}`));
    expect(config).toBeUndefined();
    expect(problems).toEqual([
      expect.stringMatching(
        /receivers\.a: program: \/tmp can be written by its group or by everyone; remove/,
      ),
    ]);
  });
});

describe('secrets', () => {
  it('come from files next to the file', async () => {
    put('url', 'https://hooks.example/T0/s3cret?thread=1\nnot this\n');
    put('token', 's3cret\r\n');
    const { config, problems } = await load(receiver('url_file: url, token_file: token'));
    expect(problems).toEqual([]);
    expect(config?.receivers[0]).toMatchObject({
      url: new URL('https://hooks.example/T0/s3cret?thread=1'),
      token: 's3cret',
    });
    put('auth', 'me:s3cret:x\n');
    put('ca', '-----BEGIN CERTIFICATE-----\n');
    const other = await load(receiver('url: "https://a", basic_auth_file: auth, ca_file: ca'));
    expect(other.config?.receivers[0]).toMatchObject({
      credentials: 'me:s3cret:x',
      ca: expect.stringContaining('BEGIN'),
    });
  });

  it.each([
    ['url_file: absent', /url_file: cannot read the file: no such file or directory/],
    ['url_file: bad', /url_file: expected an http or https URL on the first line/],
    ['url: "https://a", token_file: spaced', /token_file: expected a token on the first line/],
    ['url: "https://a", basic_auth_file: bad', /basic_auth_file: expected USER:PASSWORD on the first line/],
    ['url: "https://a", ca_file: bad', /ca_file: expected PEM certificates/],
    [
      'type: email, server: m, from: a@b, to: c@d, user: me, password_file: empty',
      /password_file: expected a password/,
    ],
    ['type: email, server: m, from: a@b, to: c@d, ca_file: bad', /ca_file: expected PEM certificates/],
    ['url: "https://a", token_file: empty', /token_file: expected a token on the first line/],
  ])('that are wrong are named and not quoted: %s', async (fields, problem) => {
    put('bad', 's3cret');
    put('spaced', 's3cret with spaces');
    put('empty', '');
    const { config, problems } = await load(receiver(fields));
    expect(config).toBeUndefined();
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems.join('')).not.toContain('s3cret');
  });
});

describe('an address', () => {
  const unencrypted = (field: string, what: string): string =>
    `${field}: expected an https address, got http: what ${what} contains would be sent unencrypted; use https, or a server on this host (localhost)`;
  const noTopic = 'expected an address with a topic, got none; append it, as in https://ntfy.sh/TOPIC';

  it.each([
    ['url: "http://hook.example/x", token_file: token', unencrypted('url', 'token_file')],
    ['url: "http://127.example", basic_auth_file: auth', unencrypted('url', 'basic_auth_file')],
    ['url: "http://localhost.example", token_file: token', unencrypted('url', 'token_file')],
    ['url_file: plain', unencrypted('url_file', 'url_file')],
    ['url_file: plain, token_file: token', unencrypted('url_file', 'url_file and token_file')],
    [
      'url: "http://localhost", ca_file: ca',
      'ca_file: expected an https address in url, got http: it has no effect; use https, or remove ca_file',
    ],
    ['format: ntfy, url: "https://ntfy.sh/"', `url: ${noTopic}`],
    ['format: ntfy, url: "https://ntfy.sh"', `url: ${noTopic}`],
    ['format: ntfy, url_file: root', `url_file: ${noTopic}`],
  ])('that would give a secret away or lead nowhere is refused: %s', async (fields, problem) => {
    put('token', 's3cret');
    put('auth', 'me:s3cret');
    put('plain', 'http://hook.example/s3cret');
    put('root', 'https://ntfy.example/?auth=s3cret');
    put('ca', '-----BEGIN CERTIFICATE-----\n');
    const { config, problems } = await load(receiver(fields));
    expect(config).toBeUndefined();
    expect(problems).toEqual([expect.stringMatching(/:1: receivers\.a: /)]);
    expect(problems[0]).toContain(`receivers.a: ${problem}`);
    expect(problems[0]).not.toContain('s3cret');
  });

  it.each([
    'url: "http://hook.example/x"',
    'url: "http://localhost:8080/x", token_file: token',
    'url: "http://127.0.0.2/x", token_file: token',
    'url: "http://[::1]/x", token_file: token',
    'format: ntfy, url: "http://ntfy.example/prefix/topic/"',
  ])('that needs no encryption is accepted: %s', async (fields) => {
    put('token', 's3cret');
    expect((await load(receiver(fields))).problems).toEqual([]);
  });
});

describe('a file that cannot be read', () => {
  it('is named', async () => {
    expect((await loadNotifyConfig(join(folder, 'none'), [])).problems).toEqual([
      expect.stringMatching(/none: cannot read the file: no such file or directory/),
    ]);
    expect((await loadNotifyConfig(folder, [])).problems).toEqual([
      expect.stringContaining('it is no regular file'),
    ]);
  });

  it('is read up to a size, and a pipe is not waited for', async () => {
    expect((await load('#'.repeat(300_000))).problems).toEqual([
      expect.stringContaining('larger than 256 KiB'),
    ]);
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect((await loadNotifyConfig(pipe, [])).problems).toEqual([
      expect.stringContaining('it is no regular file'),
    ]);
  });
});

describe('the address of a heartbeat', () => {
  it('is the first line', async () => {
    expect((await readSecretUrl(put('h', ' https://hc.example/s3cret \n'))).href).toBe(
      'https://hc.example/s3cret',
    );
  });

  it.each(['', 's3cret', 'ftp://s3cret'])('is not %j', async (text) => {
    await expect(readSecretUrl(put('h', text))).rejects.toThrow(
      /^expected an http or https URL on the first line$/,
    );
  });
});
