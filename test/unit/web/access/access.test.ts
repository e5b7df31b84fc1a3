import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Access, openAccess } from '../../../../src/web/access/access.ts';
import type { Tls } from '../../../../src/web/access/web-config.ts';
import { makeAuthority } from '../../../support/certificates.ts';
import { itWith } from '../../../support/needs.ts';

const hash = '$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';

let folder: string;
let path: string;
let lines: string[];
let clock: number;
let access: Access | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'thinpool-access-'));
  path = join(folder, 'web.yml');
  lines = [];
  clock = 1000;
});
afterEach(() => {
  access?.close();
  rmSync(folder, { recursive: true });
});

const say = (level: string) => (fields: object, message: string) => {
  lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
};
const log = { info: say('info'), warn: say('warn'), error: say('error') };

async function open(text: string, checkEveryMs = 3_600_000): Promise<Access> {
  writeFileSync(path, text);
  const opened = await openAccess({ path, log, now: () => clock, checkEveryMs });
  if (!('guard' in opened)) throw new Error(opened.join('\n'));
  access = opened;
  return opened;
}

describe('a web configuration', () => {
  it('is refused at start with all that is wrong', async () => {
    writeFileSync(path, 'users: 1\nrate_limit: 2\n');
    expect(await openAccess({ path, log, now: () => clock })).toEqual([
      expect.stringContaining(`${path}:1: users: unknown field`),
      expect.stringContaining(`${path}:2: rate_limit: expected fields`),
    ]);
  });

  it('is read again on request, and counts from then', async () => {
    const { guard, reload, state } = await open('http_server_config: {headers: {X-Frame-Options: deny}}\n');
    expect(guard().headers).toEqual({ 'X-Frame-Options': 'deny' });
    expect(state()).toEqual({ lastReloadWorked: true, lastSuccessAt: 1000 });
    clock = 2000;
    writeFileSync(path, 'http_server_config: {headers: {X-Frame-Options: sameorigin}}\n');
    await reload();
    expect(guard().headers).toEqual({ 'X-Frame-Options': 'sameorigin' });
    expect(state()).toEqual({ lastReloadWorked: true, lastSuccessAt: 2000 });
  });

  it('stays as it was where the new one is wrong, and says so until it is right', async () => {
    const { guard, reload, state } = await open(`basic_auth_users:\n  ann: ${hash}\n`);
    clock = 2000;
    writeFileSync(path, 'basic_auth_user:\n');
    await reload();
    expect(await guard().authorize(undefined)).toBe('refused');
    expect(state()).toEqual({ lastReloadWorked: false, lastSuccessAt: 1000 });
    expect(lines.at(-1)).toContain('error Web configuration rejected; the previous one stays in use');
    expect(lines.at(-1)).toContain(`${path}:1: basic_auth_user: unknown field`);
    rmSync(path);
    await reload();
    expect(await guard().authorize(undefined)).toBe('refused');
    expect(state()?.lastReloadWorked).toBe(false);
    writeFileSync(path, '');
    await reload();
    expect(await guard().authorize(undefined)).toBe('admitted');
    expect(state()).toEqual({ lastReloadWorked: true, lastSuccessAt: 2000 });
  });

  itWith('openssl')('accepts a renewed certificate, and rejects half a renewal', {}, async () => {
    makeAuthority(folder).issue('first');
    const names = { cert: join(folder, 'server.crt'), key: join(folder, 'server.key') };
    copyFileSync(join(folder, 'first.crt'), names.cert);
    copyFileSync(join(folder, 'first.key'), names.key);
    const text = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n';
    const { tls, onTls, state } = await open(text, 30);
    const used: (Tls | undefined)[] = [];
    onTls((next) => used.push(next));
    const before = tls();
    expect(state()?.certificateExpiresAt).toBe(before?.expiresAt);
    makeAuthority(folder, 'second-ca').issue('second');
    renameSync(join(folder, 'second.crt'), names.cert);
    await expect.poll(() => state()?.lastReloadWorked).toBe(false);
    expect(tls()).toBe(before);
    expect(lines.at(-1)).toMatch(
      /^error .*web\.yml:3: tls_server_config\.key_file: .* does not match the certificate/,
    );
    renameSync(join(folder, 'second.key'), names.key);
    await expect.poll(() => state()?.lastReloadWorked).toBe(true);
    expect(tls()?.settings.cert).not.toBe(before?.settings.cert);
    expect(used).toEqual([tls()]);
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
  });

  it('with users and without TLS is warned of, and no hash is logged', async () => {
    await open(`basic_auth_users:\n  ann: ${hash}\n`);
    expect(lines[0]).toContain(
      'warn Web configuration has users but no TLS; passwords are sent in clear text',
    );
    expect(lines.join('\n')).not.toContain(hash);
  });
});
