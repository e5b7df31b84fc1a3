import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startServer } from '../../../../src/web/server/server.ts';
import { itWith } from '../../../support/needs.ts';
import { holdPage } from '../held-page.ts';
import { serve } from '../serving.ts';

const log = { error: () => {} };

/** Says something over a plain socket and waits until the server hangs up: what it answered, and after how long. */
async function talk(port: number, text: string): Promise<{ answer: string; afterMs: number }> {
  const socket = connect(port, '127.0.0.1');
  const startedAt = Date.now();
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  socket.on('error', () => {});
  socket.write(text);
  // A reset closes it as well.
  await new Promise((resolve) => socket.once('close', resolve));
  return { answer, afterMs: Date.now() - startedAt };
}

describe('clients that misbehave', () => {
  it('a head that does not end is answered 408', async () => {
    const { port } = await serve({}, { headersMs: 200, requestMs: 200 });
    const { answer, afterMs } = await talk(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(afterMs).toBeLessThan(2000);
  });

  it('one that says nothing is cut off', async () => {
    const { port } = await serve({}, { headersMs: 200, requestMs: 200 });
    expect((await talk(port, '')).afterMs).toBeLessThan(2000);
  });

  it('a huge head is answered 431', async () => {
    const { port } = await serve();
    const { answer } = await talk(port, `GET / HTTP/1.1\r\nHost: x\r\nX-Huge: ${'x'.repeat(20_000)}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('what is no HTTP is answered 400', async () => {
    const { port } = await serve();
    expect((await talk(port, 'hello\r\n\r\n')).answer).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('a body that is not read ends the connection', async () => {
    const { port } = await serve();
    const head = 'POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n';
    const { answer, afterMs } = await talk(port, head);
    expect(answer).toMatch(/^HTTP\/1\.1 405 .*Connection: close\r\n/s);
    expect(afterMs).toBeLessThan(2000);
  });
});

describe('closing', () => {
  it('takes less than a second with an idle, a half-spoken and a waiting connection', async () => {
    const { render, requested } = holdPage();
    const { port, get, listening } = await serve({ metrics: { render } });
    await (await get('/-/healthy')).text();
    const half = talk(port, 'GET / HTTP/1.1\r\nHost:');
    const waiting = talk(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await requested;
    const startedAt = Date.now();
    await listening.close();
    expect(Date.now() - startedAt).toBeLessThan(1000);
    expect((await waiting).answer).toBe('');
    await half;
  });

  it('lets a response in progress end', async () => {
    const { render, requested, finish } = holdPage();
    const { port, listening } = await serve({ metrics: { render } });
    const waiting = talk(port, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await requested;
    const closed = listening.close();
    finish('x 1\n');
    expect((await waiting).answer).toContain('x 1\n');
    await closed;
  });
});

describe('listening', () => {
  const app = () => {};

  it('names its addresses', async () => {
    const addresses = [{ host: '127.0.0.1', port: 0 }, { port: 0 }];
    const listening = await startServer({ app, addresses, log });
    expect(listening.addresses[0]).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(listening.addresses[1]).toMatch(/^(?:\[::\]|0\.0\.0\.0):\d+$/);
    await listening.close();
  });

  itWith('IPv6')('answers by IPv6', {}, async () => {
    const answering: RequestListener = (_, response) => response.end('x 1\n');
    const listening = await startServer({ app: answering, addresses: [{ host: '::1', port: 0 }], log });
    expect(listening.addresses[0]).toMatch(/^\[::1\]:\d+$/);
    expect(await (await fetch(`http://${listening.addresses[0]}/`)).text()).toBe('x 1\n');
    await listening.close();
  });

  it('on a taken address fails with its name, and frees the others', async () => {
    const { port } = await serve();
    const free = await startServer({ app, addresses: [{ host: '127.0.0.1', port: 0 }], log });
    const other = Number(free.addresses[0]?.split(':').at(-1));
    await free.close();
    const addresses = [
      { host: '127.0.0.1', port: other },
      { host: '127.0.0.1', port },
    ];
    await expect(startServer({ app, addresses, log })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: another process, or another --web.listen-address, uses this address`,
    );
    const again = await startServer({ app, addresses: addresses.slice(0, 1), log });
    await again.close();
  });
});
