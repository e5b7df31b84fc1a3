import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openPost } from '../../../../src/alerting/push/post.ts';
import { describeWith } from '../../../support/needs.ts';
import { tool } from '../../../support/tools.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const at = (port: number, scheme = 'http') => new URL(`${scheme}://localhost:${port}/prefix/api/v2/alerts`);
const openTo = async (answer: RequestListener, deadlineMs = 2000) =>
  openPost({ url: at(await listen(createServer(answer))), deadlineMs });

describe('a post', () => {
  it('sends JSON to the path, and who we are', async () => {
    const got: unknown[] = [];
    const port = await listen(
      createServer(async ({ method, url, headers }, response) => {
        got.push([method, url, headers['content-type'], headers.authorization]);
        response.end();
      }),
    );
    const post = openPost({ url: at(port), deadlineMs: 2000, credentials: 'me:se:cret' });
    expect(await post('[]')).toEqual({ outcome: 'ok' });
    const basic = `Basic ${Buffer.from('me:se:cret').toString('base64')}`;
    expect(got).toEqual([['POST', '/prefix/api/v2/alerts', 'application/json', basic]]);
  });

  it.each([
    [400, 'refused'],
    [404, 'refused'],
    [500, 'failed'],
    [503, 'failed'],
  ])('reports why a response with %s failed', async (status, outcome) => {
    const post = await openTo((_, response) => response.writeHead(status).end('"bad\n  labels"'));
    expect(await post('[]')).toEqual({ outcome, status, why: `HTTP ${status}: "bad labels"` });
  });

  it('follows no redirect', async () => {
    let calls = 0;
    const post = await openTo((_, response) => {
      calls += 1;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await post('[]')).toEqual({ outcome: 'refused', status: 307, why: 'HTTP 307' });
    expect(calls).toBe(1);
  });

  it('reads no more of an answer than it needs', async () => {
    const post = await openTo((_, response) => {
      response.writeHead(200);
      const pour = setInterval(() => response.write('x'.repeat(4096)), 1);
      response.once('close', () => clearInterval(pour));
    });
    expect(await post('[]')).toEqual({ outcome: 'ok' });
  });

  it.each<[string, RequestListener]>([
    ['says nothing', () => {}],
    [
      'drips',
      (_, response) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write('.'), 20);
        response.once('close', () => clearInterval(drip));
      },
    ],
  ])('gives up a server that %s at its deadline', async (_, answer) => {
    const post = await openTo(answer, 150);
    const before = performance.now();
    expect(await post('[]')).toEqual({ outcome: 'timed-out', why: 'no response within 150 ms' });
    expect(performance.now() - before).toBeLessThan(1500);
  });

  it('reports that nothing listens, or that the peer hangs up', async () => {
    const port = await listen(createServer());
    servers.pop()?.close();
    expect(await openPost({ url: at(port), deadlineMs: 2000 })('[]')).toEqual({
      outcome: 'unreachable',
      why: expect.stringMatching(/^ECONN/),
    });
    const post = await openTo((request) => request.socket.destroy());
    expect(await post('[]')).toEqual({ outcome: 'unreachable', why: 'ECONNRESET' });
  });

  it('to a secret address goes by the status, and repeats nothing of the response', async () => {
    const answer: RequestListener = (_, response) => {
      response.writeHead(429, { 'retry-after': '7' });
      const drip = setInterval(() => response.write('no such path /bot1:secret'), 20);
      response.once('close', () => clearInterval(drip));
    };
    const url = at(await listen(createServer(answer)));
    expect(await openPost({ url, deadlineMs: 2000, hidesResponse: true })('{}')).toEqual({
      outcome: 'refused',
      status: 429,
      why: 'HTTP 429',
      retryAfterMs: 7000,
    });
  });

  it('carries headers of all requests and of this one, and as a GET no body', async () => {
    const got: unknown[] = [];
    const server = createServer((request, response) => {
      got.push([
        request.method,
        request.headers['x-all'],
        request.headers['x-one'],
        request.headers['content-length'],
      ]);
      response.end();
    });
    const url = at(await listen(server));
    const post = openPost({ url, deadlineMs: 2000, headers: { 'x-all': 'a' }, method: 'GET' });
    expect(await post('', { 'x-one': 'b' })).toEqual({ outcome: 'ok' });
    expect(got).toEqual([['GET', 'a', 'b', undefined]]);
  });

  it('settles also where the certificates are none', async () => {
    const post = openPost({ url: at(1, 'https'), deadlineMs: 2000, ca: '-----BEGIN CERTIFICATE-----\nx' });
    expect(await post('[]')).toMatchObject({ outcome: 'unreachable' });
  });
});

describeWith('openssl')('TLS', () => {
  it('takes the certificate that was named, and no other', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'thinpool-tls-'));
    const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
    const make =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost';
    execFileSync(tool('openssl'), [...make.split(' '), '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const own = { key: readFileSync(key), cert: readFileSync(cert) };
    rmSync(folder, { recursive: true });
    const url = at(await listen(createTlsServer(own, (_, response) => response.end())), 'https');
    expect(await openPost({ url, deadlineMs: 2000 })('[]')).toEqual({
      outcome: 'unreachable',
      why: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
    const post = openPost({ url, deadlineMs: 2000, ca: own.cert.toString() });
    expect(await post('[]')).toEqual({ outcome: 'ok' });
  });
});
