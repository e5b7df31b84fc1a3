import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadNotifyConfig, readSecretUrl } from '../../../../src/notify/file/load.ts';

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
    ['url: "http://a", token_file: spaced', /token_file: expected a token on the first line/],
    ['url: "http://a", basic_auth_file: bad', /basic_auth_file: expected USER:PASSWORD on the first line/],
    ['url: "http://a", ca_file: bad', /ca_file: expected PEM certificates/],
    ['url: "http://a", token_file: empty', /token_file: expected a token on the first line/],
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
