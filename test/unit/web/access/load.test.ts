import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bearsOneOf } from '../../../../src/web/access/client-certificates.ts';
import { loadWebConfig } from '../../../../src/web/access/load.ts';
import { makeAuthority } from '../../../support/certificates.ts';
import { describeWith } from '../../../support/needs.ts';

let folder: string;
let path: string;

function load(text: string) {
  writeFileSync(path, text);
  return loadWebConfig(path);
}

const pair = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n';

describeWith('openssl')('what a web configuration names', () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'thinpool-load-'));
    path = join(folder, 'web.yml');
    const authority = makeAuthority(folder);
    authority.issue('server');
    authority.issue('other');
    writeFileSync(join(folder, 'junk.pem'), 'hunter22\n');
    writeFileSync(
      join(folder, 'broken.pem'),
      '-----BEGIN CERTIFICATE-----\nhunter22\n-----END CERTIFICATE-----\n',
    );
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is read from its folder', async () => {
    const { config, problems, paths } = await load(pair);
    expect(problems).toEqual([]);
    expect(paths).toEqual([path, join(folder, 'server.crt'), join(folder, 'server.key')]);
    expect(config?.tls?.settings).toMatchObject({
      minVersion: 'TLSv1.2',
      maxVersion: 'TLSv1.3',
      honorCipherOrder: true,
      requestCert: false,
      rejectUnauthorized: false,
    });
    const daysLeft = ((config?.tls?.expiresAt ?? 0) - Date.now()) / 86_400_000;
    expect(daysLeft).toBeGreaterThan(1.9);
    expect(daysLeft).toBeLessThan(2.1);
  });

  it('offers no suite without forward secrecy, and keeps TLS 1.3 whatever is listed', async () => {
    const all = (await load(pair)).config?.tls?.settings.ciphers?.split(':') ?? [];
    expect(all.every((name) => /^(?:TLS_|ECDHE-)/.test(name))).toBe(true);
    const one = await load(`${pair}  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256]\n`);
    expect(one.config?.tls?.settings.ciphers).toBe(
      'ECDHE-RSA-AES128-GCM-SHA256:TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
    );
  });

  it('may be inline', async () => {
    const inline = (name: string) => JSON.stringify(readFileSync(join(folder, name), 'utf8'));
    const text = `tls_server_config:\n  cert: ${inline('server.crt')}\n  key: ${inline('server.key')}\n`;
    expect((await load(text)).problems).toEqual([]);
  });

  it.each([
    ['tls_server_config:\n  min_version: TLS13\n', ':1: tls_server_config: expected cert_file (or cert): '],
    ['tls_server_config:\n  cert_file: server.crt\n', ':1: tls_server_config: expected key_file (or key): '],
    [
      'tls_server_config:\n  cert_file: no.crt\n  key_file: server.key\n',
      ':2: tls_server_config.cert_file: cannot read the file: no such file',
    ],
    [
      'tls_server_config:\n  cert_file: server.crt\n  key_file: other.key\n',
      ':3: tls_server_config.key_file: FOLDER/other.key: does not match the certificate',
    ],
    [
      'tls_server_config:\n  cert_file: server.crt\n  key_file: junk.pem\n',
      ':3: tls_server_config.key_file: FOLDER/junk.pem: expected a private key in PEM, without a passphrase',
    ],
    [
      'tls_server_config:\n  cert_file: broken.pem\n  key_file: server.key\n',
      ':2: tls_server_config.cert_file: FOLDER/broken.pem: expected one or more certificates in PEM',
    ],
    [
      `${pair}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: junk.pem\n`,
      ':5: tls_server_config.client_ca_file: FOLDER/junk.pem: expected one or more certificates in PEM',
    ],
    [
      `${pair}  client_ca_file: ca.crt\n`,
      ':4: tls_server_config.client_ca_file: expected client_auth_type: ',
    ],
    [
      `${pair}  client_auth_type: VerifyClientCertIfGiven\n`,
      ':4: tls_server_config.client_auth_type: expected client_ca_file (or client_ca) as well',
    ],
    [
      `${pair}  client_allowed_sans: [a]\n  client_auth_type: RequestClientCert\n`,
      ':4: tls_server_config.client_allowed_sans: expected client_auth_type: ',
    ],
    [
      `${pair}  min_version: TLS13\n  max_version: TLS12\n`,
      ':5: tls_server_config.max_version: expected TLS13, because min_version is TLS13',
    ],
    [
      `${pair}  cert: "-----BEGIN CERTIFICATE-----"\n`,
      ':2: tls_server_config.cert_file: conflicts with cert; keep one of the two',
    ],
    ['rate_limit:\n  interval: 1s\n', ':1: rate_limit: expected a burst of at least 1'],
  ])('%j is refused by line and field', async (text, problem) => {
    const { config, problems } = await load(text);
    const expected = `${path}${problem.replace('FOLDER', folder)}`;
    expect(
      problems.some((found) => found.startsWith(expected)),
      problems.join('\n'),
    ).toBe(true);
    expect(config).toBeUndefined();
    expect(problems.join('\n')).not.toContain('hunter22');
  });

  it('is refused with its name where it cannot be read itself', async () => {
    const { problems } = await loadWebConfig(join(folder, 'none.yml'));
    expect(problems).toEqual([expect.stringMatching(/none\.yml: cannot read the file: no such file/)]);
  });
});

describe('allowed names of clients', () => {
  const certificate = (subjectAltName: string) => ({
    subjectAltName,
    checkIP: (address: string) => (address === '::1' ? address : undefined),
  });

  it.each([
    ['DNS:a.example', 'a.example', true],
    ['DNS:b.example, DNS:a.example', 'a.example', true],
    ['DNS:a.example', 'A.example', false],
    ['DNS:*.example', 'a.example', false],
    ['DNS:xa.example', 'a.example', false],
    ['email:me@a.example', 'me@a.example', true],
    ['URI:spiffe://a/b', 'spiffe://a/b', true],
    ['IP Address:0:0:0:0:0:0:0:1', '::1', true],
    ['IP Address:192.0.2.1', '192.0.2.2', false],
    ['DirName:a.example', 'a.example', false],
    // A name that contains what resembles another one.
    ['URI:"http://x/, DNS:a.example"', 'a.example', false],
    ['URI:"http://x/, DNS:a.example"', 'http://x/, DNS:a.example', true],
    ['', 'a.example', false],
  ])('in %j, %j: %s', (names, allowed, bears) => {
    expect(bearsOneOf(certificate(names), ['nobody.example', allowed])).toBe(bears);
  });
});
