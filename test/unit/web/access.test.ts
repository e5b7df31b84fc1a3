import { linkSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect } from 'node:tls';
import { hashSync } from 'bcryptjs';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createGuard } from '../../../src/web/access/guard.ts';
import { loadWebConfig } from '../../../src/web/access/load.ts';
import type { Tls, WebConfig } from '../../../src/web/access/web-config.ts';
import { inheritedSockets } from '../../../src/web/server/listen.ts';
import { startServer } from '../../../src/web/server/server.ts';
import { makeAuthority } from '../../support/certificates.ts';
import { describeWith } from '../../support/needs.ts';
import { holdPage } from './held-page.ts';
import { serve } from './serving.ts';

const open: WebConfig = { headers: {}, users: new Map() };
const guardOf = (config: Partial<WebConfig>) => {
  const guard = createGuard({ ...open, ...config }, Date.now);
  return { guard: () => guard };
};
const ann = { authorization: `Basic ${Buffer.from('ann:right').toString('base64')}` };
const users = new Map([['ann', hashSync('right', 4)]]);

describe('users', () => {
  it.each(['/', '/metrics', '/-/healthy', '/-/ready', '/api/v1/pools', '/nothing'])(
    'are required at %s',
    async (path) => {
      const { get } = await serve(guardOf({ users }));
      const response = await get(path);
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([
        401,
        'Basic realm="thinpool-exporter", charset="UTF-8"',
      ]);
      expect((await get(path, { headers: ann })).status).toBe(path === '/nothing' ? 404 : 200);
    },
  );

  it('are required before a method is refused', async () => {
    const { get } = await serve(guardOf({ users }));
    expect((await get('/metrics', { method: 'POST' })).status).toBe(401);
  });
});

describe('a rate', () => {
  it('answers 429 above it', async () => {
    const { get } = await serve(guardOf({ rate: { intervalMs: 60_000, burst: 2 } }));
    const statuses = [await get('/metrics'), await get('/metrics'), await get('/metrics')].map(
      ({ status, headers }) => [status, headers.get('retry-after')],
    );
    expect(statuses).toEqual([
      [200, null],
      [200, null],
      [429, '1'],
    ]);
  });
});

describe('configured headers', () => {
  it('go before the usual ones, on every answer', async () => {
    const headers = { 'Content-Security-Policy': 'frame-ancestors *', 'X-Frame-Options': 'sameorigin' };
    const { get } = await serve(guardOf({ headers }));
    for (const path of ['/', '/metrics', '/nothing']) {
      const { headers: given } = await get(path);
      expect(given.get('content-security-policy')).toBe('frame-ancestors *');
      expect(given.get('x-frame-options')).toBe('sameorigin');
    }
  });
});

/** The first line of what is answered to these words. */
function firstLine(port: number, words: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(words));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(text.split('\r\n')[0] ?? ''));
  });
}

describe('unneeded requests', () => {
  it.each([
    [
      'a body',
      'GET /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello',
      'HTTP/1.1 413 Payload Too Large',
    ],
    [
      'a body without end',
      'GET /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
      'HTTP/1.1 413 Payload Too Large',
    ],
    [
      'a body that waits for leave',
      'POST /metrics HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n',
      'HTTP/1.1 405 Method Not Allowed',
    ],
    ['an unknown method', 'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', 'HTTP/1.1 501 Not Implemented'],
    ['a tunnel', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', 'HTTP/1.1 405 Method Not Allowed'],
    ['a lower-case method', 'get / HTTP/1.1\r\nHost: x\r\n\r\n', 'HTTP/1.1 400 Bad Request'],
  ])('are answered and ended: %s', async (_, words, line) => {
    const { port } = await serve();
    expect(await firstLine(port, words)).toBe(line);
  });
});

describe('a crowd', () => {
  it('keeps no client out: the connection that is idle longest is closed', async () => {
    const { port, get } = await serve({}, { connections: 5 });
    const closed: number[] = [];
    const silent = Array.from({ length: 8 }, (__, at) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      socket.on('close', () => closed.push(at));
      return new Promise<void>((resolve) => socket.once('connect', resolve));
    });
    await Promise.all(silent);
    await expect.poll(() => closed.length).toBe(3);
    expect((await get('/metrics', { headers: { connection: 'close' } })).status).toBe(200);
    expect(closed).toHaveLength(4);
  });

  it('does not close those whose response is in progress', async () => {
    const { render, requested, finish } = holdPage();
    const { port, get } = await serve({ metrics: { render } }, { connections: 3 });
    const waiting = get('/metrics');
    await requested;
    for (let at = 0; at < 6; at += 1) connect(port, '127.0.0.1').on('error', () => {});
    expect((await get('/-/healthy')).status).toBe(200);
    finish('x 1\n');
    expect(await (await waiting).text()).toBe('x 1\n');
  });

  it('does not make memory wait for those who do not read', async () => {
    const page = Buffer.alloc(64 << 20, 'x');
    const { port, get } = await serve({ metrics: { render: async () => page } }, { unreadBytes: 1 << 20 });
    const slow = connect(port, '127.0.0.1');
    slow.write('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => slow.once('readable', resolve));
    expect((await get('/-/healthy')).status).toBe(200);
    let received = 0;
    slow.on('error', () => {});
    slow.on('data', (chunk) => {
      received += chunk.length;
    });
    await new Promise((resolve) => slow.once('close', resolve));
    expect(received).toBeLessThan(page.length);
  });

  it('counts a page once that many are slow to read', async () => {
    const page = Buffer.alloc(8 << 20, 'x');
    const { port, get } = await serve({ metrics: { render: async () => page } }, { unreadBytes: 12 << 20 });
    const readers = Array.from({ length: 6 }, () => connect(port, '127.0.0.1'));
    for (const reader of readers) {
      reader.write('GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
      await new Promise((resolve) => reader.once('readable', resolve));
    }
    expect((await get('/-/healthy')).status).toBe(200);
    const received = readers.map(async (reader) => {
      let bytes = 0;
      for await (const chunk of reader) bytes += chunk.length;
      return bytes;
    });
    for (const bytes of await Promise.all(received)) expect(bytes).toBeGreaterThan(page.length);
  });

  it('ends an answer that takes too long', async () => {
    const never = new Promise<Buffer>(() => {});
    const { get } = await serve({ metrics: { render: () => never } }, { answerMs: 200 });
    const startedAt = Date.now();
    await expect(get('/metrics')).rejects.toThrow();
    expect(Date.now() - startedAt).toBeLessThan(5000);
  });
});

describeWith('openssl')('TLS', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'thinpool-tls-'));
    const authority = makeAuthority(folder);
    authority.issue('server');
    authority.issue('client', 'DNS:prometheus.example,URI:spiffe://x/y,IP:::1');
    makeAuthority(folder, 'stranger').issue('strange', 'DNS:prometheus.example');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function tlsOf(more = ''): Promise<Tls> {
    const path = join(folder, 'web.yml');
    writeFileSync(path, `tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n${more}`);
    const { config, problems } = await loadWebConfig(path);
    if (config?.tls === undefined) throw new Error(problems.join('\n'));
    return config.tls;
  }

  const pem = (name: string) => join(folder, name);
  const client = (name: string) => {
    return { cert: readFileSync(pem(`${name}.crt`)), key: readFileSync(pem(`${name}.key`)) };
  };

  async function start(tls: Tls | undefined, body: () => Promise<Buffer> = async () => Buffer.from('x 1\n')) {
    const { listening, port } = await serve({ metrics: { render: body } });
    listening.useTls(tls);
    return { listening, port };
  }

  /** The status, or the code of what went wrong. */
  function ask(port: number, options: object = {}): Promise<number | string> {
    return new Promise((resolve) => {
      const agent = new Agent({ maxCachedSessions: 0 });
      const sent = request(
        { port, path: '/metrics', host: '127.0.0.1', rejectUnauthorized: false, agent, ...options },
        (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)),
      );
      sent.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message)).end();
    });
  }

  it('requests no client certificate by default', async () => {
    const { port } = await start(await tlsOf());
    expect(await ask(port)).toBe(200);
  });

  it.each([
    ['RequestClientCert', '', [200, 200, 200]],
    ['RequireAnyClientCert', '', ['refused', 200, 200]],
    ['VerifyClientCertIfGiven', '  client_ca_file: ca.crt\n', [200, 'refused', 200]],
    ['RequireAndVerifyClientCert', '  client_ca_file: ca.crt\n', ['refused', 'refused', 200]],
  ])('%s: no certificate, a stranger, one of the CA', async (type, more, expected) => {
    const { port } = await start(await tlsOf(`  client_auth_type: ${type}\n${more}`));
    const answers = [await ask(port), await ask(port, client('strange')), await ask(port, client('client'))];
    expect(answers.map((one) => (one === 200 ? 200 : 'refused'))).toEqual(expected);
  });

  it.each([
    ['prometheus.example', 200],
    ['spiffe://x/y', 200],
    ['"::1"', 200],
    ['other.example', 'refused'],
  ])('lets in who is called %s: %s', async (name, expected) => {
    const verify = '  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n';
    const { port } = await start(await tlsOf(`${verify}  client_allowed_sans: [${name}]\n`));
    const answer = await ask(port, client('client'));
    expect(answer === 200 ? 200 : 'refused').toBe(expected);
  });

  it('new rules hold for new connections, and cut no answer short', async () => {
    const { render, requested, finish } = holdPage();
    const { listening, port } = await start(await tlsOf(), render);
    const waiting = ask(port);
    await requested;
    listening.useTls(await tlsOf('  client_auth_type: RequireAnyClientCert\n'));
    expect(await ask(port)).not.toBe(200);
    finish('x 1\n');
    expect(await waiting).toBe(200);
    expect(await ask(port, client('client'))).toBe(200);
    listening.useTls(undefined);
    expect(await firstLine(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toBe(
      'HTTP/1.1 200 OK',
    );
  });

  it('ends connections that stay open when rules are new', async () => {
    const { listening, port } = await start(await tlsOf());
    const agent = new Agent({ keepAlive: true });
    onTestFinished(() => agent.destroy());
    expect(await ask(port, { agent })).toBe(200);
    const [socket] = Object.values(agent.freeSockets)[0] ?? [];
    let isClosed = false;
    socket?.on('close', () => {
      isClosed = true;
    });
    expect(socket).toBeDefined();
    listening.useTls(await tlsOf());
    await expect.poll(() => isClosed).toBe(true);
  });

  it('a handshake that does not end is cut off', async () => {
    const listening = await startServer({
      app: () => {},
      addresses: [{ host: '127.0.0.1', port: 0 }],
      tls: await tlsOf(),
      log: { error: () => {} },
      limits: { headersMs: 200 },
    });
    onTestFinished(listening.close);
    const socket = connect(Number(listening.addresses[0]?.split(':').at(-1)), '127.0.0.1');
    socket.on('error', () => {});
    const startedAt = Date.now();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(Date.now() - startedAt).toBeLessThan(5000);
  });

  it('speaks what was configured', async () => {
    const { port } = await start(
      await tlsOf('  max_version: TLS12\n  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n'),
    );
    const socket = tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    expect([socket.getProtocol(), socket.getCipher().name]).toEqual([
      'TLSv1.2',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
    ]);
    socket.destroy();
  });
});

describe('a Unix socket', () => {
  let folder: string;
  let path: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'thinpool-socket-'));
    path = join(folder, 's.sock');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const start = () =>
    startServer({
      app: (_, response) => response.end('x 1\n'),
      addresses: [{ path }],
      log: { error: () => {} },
    });

  it('answers, for owner and group, and is gone afterwards', async () => {
    const listening = await start();
    expect(listening.addresses).toEqual([`unix:${path}`]);
    expect(statSync(path).mode & 0o777).toBe(0o660);
    const status = await new Promise((resolve) => {
      plainRequest({ socketPath: path, path: '/' }, (response) => resolve(response.statusCode)).end();
    });
    expect(status).toBe(200);
    await listening.close();
    expect(() => statSync(path)).toThrow('ENOENT');
  });

  it('on which a server responds is not taken over', async () => {
    const listening = await start();
    onTestFinished(listening.close);
    await expect(start()).rejects.toThrow(
      `cannot listen on unix:${path}: another process is listening on it`,
    );
  });

  it('that was left behind is replaced', async () => {
    await leaveBehind(path);
    expect(statSync(path).isSocket()).toBe(true);
    await (await start()).close();
  });

  it('does not replace a file', async () => {
    writeFileSync(path, 'mine');
    await expect(start()).rejects.toThrow('the path exists and is not a socket');
    rmSync(path);
  });
});

/** What a killed process leaves: the name of a socket on which nothing listens. */
async function leaveBehind(path: string): Promise<void> {
  const server = createServer().listen(`${path}.first`);
  await new Promise((resolve) => server.once('listening', resolve));
  linkSync(`${path}.first`, path);
  await new Promise((resolve) => server.close(resolve));
  rmSync(`${path}.first`, { force: true });
}

describe('sockets of systemd', () => {
  it('are those that were meant for this process', () => {
    expect(inheritedSockets({ LISTEN_PID: '7', LISTEN_FDS: '2' }, 7)).toEqual([{ fd: 3 }, { fd: 4 }]);
  });

  it.each([
    [{}, 'systemd passed no socket'],
    [{ LISTEN_PID: '8', LISTEN_FDS: '1' }, 'LISTEN_PID is 8, but this process is 7'],
    [{ LISTEN_PID: '7', LISTEN_FDS: '0' }, 'expected the number of sockets in LISTEN_FDS, got "0"'],
    [{ LISTEN_PID: '7' }, 'expected the number of sockets in LISTEN_FDS, got ""'],
  ])('are refused: %j', (environment, message) => {
    expect(() => inheritedSockets(environment, 7)).toThrow(`--web.systemd-socket: ${message}`);
  });
});
