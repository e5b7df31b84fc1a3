import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebhookEndpoint } from '../../../../src/notify/file/endpoint.ts';
import { openEndpoint } from '../../../../src/notify/send/endpoint.ts';
import { makeNotification, makeReceiver } from '../support.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function open(listener: RequestListener, parts: Partial<WebhookEndpoint> = {}, path = '/hook') {
  server = createServer(listener);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return openEndpoint(
    {
      ...makeReceiver(),
      type: 'webhook',
      format: 'json',
      url: new URL(`http://127.0.0.1:${port}${path}`),
      timeoutMs: 2000,
      ...parts,
    },
    'db1',
  );
}

async function receive(parts: Partial<WebhookEndpoint>, path?: string) {
  const got: { request: IncomingMessage; body: unknown }[] = [];
  const deliver = await open(
    async (request, response) => {
      got.push({ request, body: JSON.parse(await text(request)) });
      response.end();
    },
    parts,
    path,
  );
  expect(await deliver(makeNotification())).toEqual({ outcome: 'ok' });
  return got[0]!;
}

describe('a request', () => {
  it('has the id of the notification, in a header and in the body', async () => {
    const { request, body } = await receive({ token: 's3cret' });
    expect(request.url).toBe('/hook');
    expect(request.headers).toMatchObject({
      'idempotency-key': makeNotification().id,
      'content-type': 'application/json',
      'user-agent': 'thinpool-exporter',
      authorization: 'Bearer s3cret',
    });
    expect(body).toMatchObject({ id: makeNotification().id, host: 'db1', status: 'firing' });
  });

  it('to ntfy goes to the root, and names the topic', async () => {
    const { request, body } = await receive({ format: 'ntfy' }, '/a%20b');
    expect(request.url).toBe('/');
    expect(body).toMatchObject({ topic: 'a b', priority: 5 });
  });

  it('to Gotify has the token in a header of its own', async () => {
    const { request } = await receive({ format: 'gotify', token: 's3cret' }, '/message');
    expect(request.headers).toMatchObject({ 'x-gotify-key': 's3cret' });
    expect(request.headers.authorization).toBeUndefined();
  });

  it('to Telegram names the chat', async () => {
    const { body } = await receive({ format: 'telegram', chatId: '-100' }, '/bot1:s3cret/sendMessage');
    expect(body).toMatchObject({ chat_id: '-100' });
  });

  it('to an Apprise API that has nothing under its key is not accepted', async () => {
    const none: RequestListener = (_, response) => response.writeHead(204).end();
    expect(await (await open(none, { format: 'apprise' }))(makeNotification())).toMatchObject({
      outcome: 'refused',
      why: 'HTTP 204: the Apprise API has no services under this key',
    });
    server?.close();
    expect(await (await open(none))(makeNotification())).toEqual({ outcome: 'ok' });
  });

  it('has the credentials of a file, also from the address', async () => {
    const { request } = await receive({ credentials: 'me:s3cret' });
    expect(request.headers.authorization).toBe(`Basic ${Buffer.from('me:s3cret').toString('base64')}`);
  });
});

describe('a hostile receiver', () => {
  const pour =
    (status: number): RequestListener =>
    (_, response) => {
      response.writeHead(status);
      const timer = setInterval(() => response.write('s3cret'.repeat(1000)), 1);
      response.once('close', () => clearInterval(timer));
    };

  it.each([
    [200, { outcome: 'ok' }],
    [500, { outcome: 'failed', status: 500, why: 'HTTP 500' }],
    [404, { outcome: 'refused', status: 404, why: 'HTTP 404' }],
    [413, { outcome: 'refused', status: 413, why: 'HTTP 413', isContentRefused: true }],
  ])('whose answer %i never ends is not read', async (status, result) => {
    expect(await (await open(pour(status)))(makeNotification())).toEqual(result);
  });

  it('that redirects gets no second request', async () => {
    const paths: (string | undefined)[] = [];
    const deliver = await open((request, response) => {
      paths.push(request.url);
      response.writeHead(308, { location: 'http://127.0.0.1:1/s3cret' }).end();
    });
    expect(await deliver(makeNotification())).toEqual({ outcome: 'refused', status: 308, why: 'HTTP 308' });
    expect(paths).toEqual(['/hook']);
  });

  it('that says nothing is given up at its timeout', async () => {
    const deliver = await open(() => {}, { timeoutMs: 100 });
    expect(await deliver(makeNotification())).toEqual({
      outcome: 'timed-out',
      why: 'no response within 100 ms',
    });
  });

  it('that hangs up is reported without its address', async () => {
    const deliver = await open((request) => request.socket.destroy(), {}, '/s3cret');
    expect(await deliver(makeNotification())).toEqual({ outcome: 'unreachable', why: 'ECONNRESET' });
  });
});
