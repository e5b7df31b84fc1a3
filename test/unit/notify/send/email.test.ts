import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { EmailEndpoint } from '../../../../src/notify/file/endpoint.ts';
import { openEndpoint } from '../../../../src/notify/send/endpoint.ts';
import { makeAuthority } from '../../../support/certificates.ts';
import { describeWith } from '../../../support/needs.ts';
import { content, makeNotification, makeReceiver } from '../support.ts';

interface Received {
  readonly from: string | undefined;
  readonly to: readonly string[];
  readonly isEncrypted: boolean;
  readonly user: string | undefined;
  readonly text: string;
}

let server: SMTPServer | undefined;
let plain: Server | undefined;
const sockets: Socket[] = [];
let received: Received[] = [];
afterEach(async () => {
  received = [];
  for (const socket of sockets.splice(0)) socket.destroy();
  plain?.close();
  const closing = server;
  if (closing !== undefined) await new Promise<void>((resolve) => closing.close(resolve));
  [server, plain] = [undefined, undefined];
});

const refuse = (responseCode: number) => Object.assign(new Error('no s3cret here'), { responseCode });

/** A mail server that keeps what it accepts. */
async function serve(options: SMTPServerOptions): Promise<number> {
  server = new SMTPServer({
    authOptional: true,
    closeTimeout: 100,
    onData: async (stream, session, done) => {
      const { mailFrom, rcptTo } = session.envelope;
      received.push({
        from: mailFrom === false ? undefined : mailFrom.address,
        to: rcptTo.map(({ address }) => address),
        isEncrypted: session.secure,
        user: session.user as string | undefined,
        text: await text(stream),
      });
      done();
    },
    onAuth: ({ username, password }, _, done) =>
      username === 'me' && password === 's3cret' ? done(null, { user: 'me' }) : done(refuse(535)),
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return (server.server.address() as AddressInfo).port;
}

/** A server that does with a connection what it likes. */
async function serveRaw(talk: (socket: Socket) => void): Promise<number> {
  plain = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    talk(socket);
  });
  await new Promise<void>((resolve) => plain?.listen(0, '127.0.0.1', resolve));
  return (plain.address() as AddressInfo).port;
}

function open(port: number, parts: Partial<EmailEndpoint> = {}, host = 'db1') {
  return openEndpoint(
    {
      ...makeReceiver(),
      type: 'email',
      server: { host: '127.0.0.1', port },
      encryption: 'none',
      from: 'thinpool@db1.example',
      to: 'ops@example.org',
      timeoutMs: 5000,
      ...parts,
    },
    host,
  );
}

const unencrypted: SMTPServerOptions = { disabledCommands: ['STARTTLS'], hideSTARTTLS: true };

describe('a mail', () => {
  it('says in its subject what is wrong, and in its text what to do', async () => {
    const deliver = open(await serve(unencrypted));
    expect(await deliver(makeNotification())).toEqual({ outcome: 'ok' });
    expect(received).toMatchObject([
      { from: 'thinpool@db1.example', to: ['ops@example.org'], isEncrypted: false },
    ]);
    await expect(received[0]?.text.replaceAll('\r\n', '\n')).toMatchFileSnapshot('../bodies/email.txt');
  });

  it.each([
    ['db1', '[127.0.0.1]'],
    ['db1.example.org', 'db1.example.org'],
  ])('comes from a host %s that calls itself %s', async (host, name) => {
    const names: string[] = [];
    const port = await serve({
      ...unencrypted,
      onMailFrom: (_, { hostNameAppearsAs }, done) => {
        names.push(String(hostNameAppearsAs));
        done();
      },
    });
    expect(await open(port, {}, host)(makeNotification())).toEqual({ outcome: 'ok' });
    expect(names).toEqual([name]);
  });

  it('has the same identifier each time, and refers to the same thread as all about its alert', async () => {
    const deliver = open(await serve(unencrypted));
    await deliver(makeNotification());
    await deliver(makeNotification());
    await deliver(makeNotification({ id: 'other', status: 'resolved', count: 2 }));
    await deliver(makeNotification({ id: 'third', since: 0 }));
    const header = (name: string) =>
      received.map((one) => new RegExp(`^${name}: (.*)\r$`, 'm').exec(one.text)?.[1]);
    expect(header('Message-ID')).toEqual([
      '<7f6b2f3e-0000-4000-8000-000000000001@db1>',
      '<7f6b2f3e-0000-4000-8000-000000000001@db1>',
      '<other@db1>',
      '<third@db1>',
    ]);
    const threads = header('References');
    expect(threads[0]).toMatch(/^<[0-9a-f]{32}@db1>$/);
    expect(threads.slice(0, 3)).toEqual([threads[0], threads[0], threads[0]]);
    expect(threads[3]).not.toBe(threads[0]);
  });

  it('gets no header and no end from the name of a pool', async () => {
    const pool = 'p\r\nBcc: eve@example.org\r\n\r\n.\r\nQUIT\r\n\u2028';
    const deliver = open(await serve(unencrypted));
    const hostile = { ...content, pool, title: `Pool ${pool} is full`, runbook: pool };
    const notification = makeNotification({
      id: `x\r\nBcc: eve@example.org`,
      content: { ...hostile, findings: [{ code: 'data-full', summary: `\n.\n${pool}`, advice: pool }] },
    });
    expect(await deliver(notification)).toEqual({ outcome: 'ok' });
    expect(received).toHaveLength(1);
    expect(received[0]?.to).toEqual(['ops@example.org']);
    const [head = ''] = (received[0]?.text ?? '').split('\r\n\r\n', 1);
    const names = head
      .replaceAll(/\r\n[ \t]/g, ' ')
      .split('\r\n')
      .map((line) => line.split(':')[0]);
    expect(names.toSorted()).toEqual([
      'Auto-Submitted',
      'Content-Transfer-Encoding',
      'Content-Type',
      'Date',
      'From',
      'Importance',
      'In-Reply-To',
      'MIME-Version',
      'Message-ID',
      'References',
      'Subject',
      'To',
      'X-Priority',
      'X-Thinpool-ID',
    ]);
  });
});

describeWith('openssl')('an encrypted connection', () => {
  let folder: string;
  let tls: { key: string; cert: string; ca: string };
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'thinpool-mail-'));
    makeAuthority(folder).issue('server');
    const pem = (name: string) => readFileSync(join(folder, name), 'utf8');
    tls = { key: pem('server.key'), cert: pem('server.crt'), ca: pem('ca.crt') };
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const login = { user: 'me', password: 's3cret' };

  it.each(['starttls', 'tls'] as const)('by %s carries the password', async (encryption) => {
    const port = await serve({ key: tls.key, cert: tls.cert, secure: encryption === 'tls' });
    expect(await open(port, { encryption, ca: tls.ca, login })(makeNotification())).toEqual({
      outcome: 'ok',
    });
    expect(received).toMatchObject([{ isEncrypted: true, user: 'me' }]);
  });

  it.each(['starttls', 'tls'] as const)(
    'by %s is not made with an unknown certificate',
    async (encryption) => {
      const port = await serve({ key: tls.key, cert: tls.cert, secure: encryption === 'tls' });
      expect(await open(port, { encryption, login })(makeNotification())).toEqual({
        outcome: 'unreachable',
        why: expect.stringMatching(/^[A-Z_]*(?:CERT|SIGNATURE|ISSUER)[A-Z_]*$/),
      });
      expect(received).toEqual([]);
    },
  );

  it('is not done without, whatever the server offers', async () => {
    const deliver = open(await serve(unencrypted), { encryption: 'starttls', login });
    expect(await deliver(makeNotification())).toMatchObject({ outcome: 'refused' });
    expect(received).toEqual([]);
  });

  it('takes no word from before the encryption for one of the server', async () => {
    const lines: string[] = [];
    const port = await serveRaw((socket) => {
      socket.write('220 mail\r\n');
      socket.on('data', (chunk) => {
        lines.push(String(chunk));
        if (String(chunk).startsWith('EHLO')) socket.write('250-mail\r\n250 STARTTLS\r\n');
        else
          socket.write(
            '220 go\r\n250-mail\r\n250 AUTH PLAIN\r\n235 in\r\n250 ok\r\n250 ok\r\n354 ok\r\n250 ok\r\n',
          );
      });
    });
    const deliver = open(port, { encryption: 'starttls', login, timeoutMs: 500 });
    expect((await deliver(makeNotification())).outcome).not.toBe('ok');
    expect(lines.join('')).not.toContain('AUTH');
  });

  it('refuses a wrong password, and does not repeat it', async () => {
    const port = await serve({ key: tls.key, cert: tls.cert });
    const wrong = { user: 'me', password: 'wr0ng' };
    const deliver = open(port, { encryption: 'starttls', ca: tls.ca, login: wrong });
    expect(await deliver(makeNotification())).toEqual({
      outcome: 'refused',
      why: 'SMTP 535 after AUTH PLAIN',
    });
  });
});

describe('what a server refuses', () => {
  it.each([
    [
      'a sender',
      { onMailFrom: (_, __, done) => done(refuse(553)) },
      { outcome: 'refused', why: 'SMTP 553 after MAIL FROM' },
    ],
    [
      'a recipient',
      { onRcptTo: (_, __, done) => done(refuse(550)) },
      { outcome: 'refused', why: 'SMTP 550 after RCPT TO' },
    ],
    [
      'a recipient for now',
      { onRcptTo: (_, __, done) => done(refuse(450)) },
      { outcome: 'failed', why: 'SMTP 450 after RCPT TO' },
    ],
    [
      'a connection for now',
      { onConnect: (_, done) => done(refuse(421)) },
      { outcome: 'failed', why: 'SMTP 421 after CONN' },
    ],
    [
      'the content',
      { onData: (stream, _, done) => void text(stream).then(() => done(refuse(554))) },
      { outcome: 'refused', why: 'SMTP 554 after DATA', isContentRefused: true },
    ],
    [
      'the content for now',
      { onData: (stream, _, done) => void text(stream).then(() => done(refuse(451))) },
      { outcome: 'failed', why: 'SMTP 451 after DATA' },
    ],
    [
      'the size',
      { size: 100 },
      { outcome: 'refused', why: 'larger than the server accepts', isContentRefused: true },
    ],
  ] satisfies [string, SMTPServerOptions, object][])('is %s', async (_, options, result) => {
    expect(await open(await serve({ ...unencrypted, ...options }))(makeNotification())).toEqual(result);
    expect(received).toEqual([]);
  });
});

describe('a hostile server', () => {
  it.each([
    ['says nothing', () => {}],
    [
      'speaks a word at a time',
      (socket: Socket) => void setInterval(() => socket.write('220-x\r\n'), 20).unref(),
    ],
  ])('that %s is given up at the timeout', async (_, talk) => {
    const port = await serveRaw(talk);
    const began = performance.now();
    expect(await open(port, { timeoutMs: 300 })(makeNotification())).toEqual({
      outcome: 'timed-out',
      why: 'no response within 300 ms',
    });
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it.each(['220-', 'no line', '250 ok\r\n'])('that pours %j is left', async (words) => {
    const before = process.memoryUsage().rss;
    const port = await serveRaw((socket) => {
      const pour = (): void => {
        while (!socket.destroyed && socket.write(words.repeat(1000)));
      };
      socket.on('drain', pour);
      pour();
    });
    const result = await open(port, { timeoutMs: 1000 })(makeNotification());
    expect(result.outcome).not.toBe('ok');
    expect(process.memoryUsage().rss - before).toBeLessThan(256 << 20);
  });

  it('that hangs up is reported', async () => {
    const port = await serveRaw((socket) => socket.destroy());
    expect(await open(port)(makeNotification())).toMatchObject({ outcome: 'unreachable' });
  });

  it('that is not there is reported', async () => {
    const port = await serveRaw(() => {});
    plain?.close();
    expect(await open(port)(makeNotification())).toEqual({ outcome: 'unreachable', why: 'ECONNREFUSED' });
  });

  it('that accepts a mail and does not say goodbye has accepted it', async () => {
    const port = await serveRaw((socket) => {
      socket.write('220 mail\r\n');
      let isData = false;
      socket.on('data', (chunk) => {
        const word = String(chunk);
        if (word.startsWith('QUIT') || (isData && !word.endsWith('\r\n.\r\n'))) return;
        isData = word.startsWith('DATA');
        socket.write(isData ? '354 go on\r\n' : '250 ok\r\n');
      });
    });
    expect(await open(port, { timeoutMs: 3000 })(makeNotification())).toEqual({ outcome: 'ok' });
  });
});
