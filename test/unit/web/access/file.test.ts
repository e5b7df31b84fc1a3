import { describe, expect, it } from 'vitest';
import { readWebFile } from '../../../../src/web/access/file.ts';

const hash = '$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';
const read = (text: string) => readWebFile(text, 'web.yml');
const problems = (text: string) => read(text).problems;

describe('a web configuration file', () => {
  it('may use all of the format', () => {
    const { file, problems: wrong } = read(`
tls_server_config:
  cert_file: server.crt
  key_file: /etc/server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.crt
  client_allowed_sans: [prometheus.example, "spiffe://x/y"]
  min_version: TLS12
  max_version: TLS13
  cipher_suites:
    - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
    - TLS_AES_128_GCM_SHA256
  prefer_server_cipher_suites: false
  curve_preferences: [CurveP256, X25519]
http_server_config:
  http2: true
  headers:
    X-Frame-Options: sameorigin
    Strict-Transport-Security: max-age=100
    X-XSS-Protection:
basic_auth_users:
  alice: ${hash}
  "12": '${hash}'
rate_limit:
  interval: 1m30s
  burst: 20
`);
    expect(wrong).toEqual([]);
    expect(file.tls?.value).toMatchObject({
      cert_file: { value: 'server.crt', where: 'web.yml:3: tls_server_config.cert_file' },
      client_allowed_sans: { value: ['prometheus.example', 'spiffe://x/y'] },
      cipher_suites: { value: ['ECDHE-RSA-AES128-GCM-SHA256', 'TLS_AES_128_GCM_SHA256'] },
      prefer_server_cipher_suites: { value: false },
      curve_preferences: { value: ['P-256', 'X25519'] },
    });
    expect(Object.entries(file.headers).map(([name, { value }]) => `${name}: ${value}`)).toEqual([
      'X-Frame-Options: sameorigin',
      'Strict-Transport-Security: max-age=100',
    ]);
    expect([...file.users]).toEqual([
      ['alice', hash],
      ['12', hash],
    ]);
    expect(file.rate?.value).toMatchObject({ interval: { value: 90_000 }, burst: { value: 20 } });
  });

  it('keeps the lines of inline PEM', () => {
    const { file } = read('tls_server_config:\n  cert: |\n    -----BEGIN CERTIFICATE-----\n    abc\n');
    expect(file.tls?.value.cert?.value).toBe('-----BEGIN CERTIFICATE-----\nabc\n');
  });

  it.each(['', '# nothing\n', 'tls_server_config:\nbasic_auth_users:\n', 'tls_server_config: {}\n'])(
    'may say nothing: %j',
    (text) => {
      const { file, problems: wrong } = read(text);
      expect([wrong, file.tls, file.users.size]).toEqual([[], undefined, 0]);
    },
  );

  it.each([
    [
      'tls_config:\n  cert_file: x',
      'web.yml:1: tls_config: unknown field, expected one of tls_server_config, ',
    ],
    [
      'tls_server_config:\n  cert_file: x\n  client_auth: y',
      'web.yml:3: tls_server_config.client_auth: unknown field, expected one of cert, key, ',
    ],
    [
      'tls_server_config:\n  client_auth_type: Always',
      'web.yml:2: tls_server_config.client_auth_type: expected NoClientCert, ',
    ],
    [
      'tls_server_config:\n  min_version: TLS11',
      'web.yml:2: tls_server_config.min_version: expected TLS12 or TLS13 (RFC 8996 forbids older versions), got "TLS11"',
    ],
    [
      'tls_server_config:\n  cipher_suites:\n    - TLS_AES_128_GCM_SHA256\n    - TLS_RSA_WITH_RC4_128_SHA',
      'web.yml:4: tls_server_config.cipher_suites: expected one of TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, ',
    ],
    [
      'tls_server_config:\n  cipher_suites: TLS_AES_128_GCM_SHA256',
      'web.yml:2: tls_server_config.cipher_suites: expected a sequence, each one of ',
    ],
    [
      'tls_server_config:\n  curve_preferences: [constructor]',
      'web.yml:2: tls_server_config.curve_preferences: expected one of CurveP256, CurveP384, CurveP521, X25519, got "constructor"',
    ],
    [
      'tls_server_config:\n  prefer_server_cipher_suites: yes',
      'web.yml:2: tls_server_config.prefer_server_cipher_suites: expected true or false, got "yes"',
    ],
    ['tls_server_config: [x]', 'web.yml:1: tls_server_config: expected fields, got a sequence'],
    [
      'http_server_config:\n  headers:\n    Server: mine',
      'web.yml:3: http_server_config.headers.Server: unknown field, expected one of Content-Security-Policy, ',
    ],
    [
      'http_server_config:\n  headers:\n    X-Frame-Options: DENY',
      'web.yml:3: http_server_config.headers.X-Frame-Options: expected deny or sameorigin, got "DENY"',
    ],
    [
      'http_server_config:\n  headers:\n    Content-Security-Policy: "a\\nb"',
      'web.yml:3: http_server_config.headers.Content-Security-Policy: expected a header value without line breaks',
    ],
    ['rate_limit:\n  interval: fast', 'web.yml:2: rate_limit.interval: expected a duration such as 1s'],
    ['basic_auth_users:\n  "a:b": x', 'web.yml:2: basic_auth_users.a:b: expected a user name'],
    ['[1, 2]', 'web.yml:1: expected sections such as tls_server_config, got a sequence'],
    ['a: b: c', 'web.yml:1: invalid YAML: '],
    ['basic_auth_users:\n  a: x\n  a: y', 'web.yml:3: invalid YAML: Map keys must be unique'],
  ])('%j is refused by line and field', (text, problem) => {
    expect(
      problems(text).some((found) => found.startsWith(problem)),
      problems(text).join('\n'),
    ).toBe(true);
  });

  it('says all that is wrong at once', () => {
    expect(
      problems('nonsense: 1\ntls_server_config:\n  min_version: 1\nrate_limit:\n  burst: -1\n'),
    ).toHaveLength(3);
  });

  it.each([
    ['a plain password', 'basic_auth_users:\n  a: hunter22'],
    ['a hash of another kind', `basic_auth_users:\n  a: ${hash.replace('2y', '2x')}hunter22`],
    [
      'a hash that takes minutes',
      `basic_auth_users:\n  a: ${hash.replace('$10$', '$20$').replace('QOauhQNb', 'hunter22')}`,
    ],
    ['a key that is none', 'tls_server_config:\n  key: hunter22'],
    ['a key that breaks the file', 'tls_server_config:\n  key: -----BEGIN\n hunter22'],
    ['a quote that does not end', 'basic_auth_users:\n  a: "hunter22'],
    ['a word where none is expected', 'basic_auth_users:\n  a: "x" hunter22'],
    ['a key that begins in the wrong line', 'tls_server_config:\n  key: |hunter22\n'],
    ['a password that resembles a tag', 'basic_auth_users:\n  a: !hunter22 x'],
    ['an alias', 'basic_auth_users:\n  a: *hunter22'],
  ])('reports nothing about %s', (_, text) => {
    expect(problems(text)).not.toEqual([]);
    expect(problems(text).join('\n')).not.toContain('hunter22');
  });
});
