import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { freePort, isListening, whyTaken } from '../../../demo/ports.ts';

async function listenOn(port: number) {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

describe('the ports of the demo', () => {
  it('are known to be in use', async () => {
    const port = await freePort(20_156);
    expect(await whyTaken(`127.0.0.1:${port}`)).toBeUndefined();
    const server = await listenOn(port);
    expect(await whyTaken(`127.0.0.1:${port}`)).toBe(
      `127.0.0.1:${port} is in use, or is not an address of this host; choose another with --web.listen-address`,
    );
    expect(await whyTaken(`:${port}`)).toBeDefined();
    expect(await freePort(port)).toBeGreaterThan(port);
    server.close();
  });

  it.each(['', 'nonsense', '/run/exporter.sock'])('leave %j to the exporter', async (address) => {
    expect(await whyTaken(address)).toBeUndefined();
  });

  it('are waited for until something listens', async () => {
    const port = await freePort(20_256);
    let isKnown = false;
    const waiting = isListening(`127.0.0.1:${port}`, new AbortController().signal).then((result) => {
      isKnown = true;
      return result;
    });
    await sleep(120);
    expect(isKnown).toBe(false);
    const server = await listenOn(port);
    expect(await waiting).toBe(true);
    server.close();
  });

  it('are not waited for once the demo is over', async () => {
    const over = new AbortController();
    const waiting = isListening(`127.0.0.1:${await freePort(20_356)}`, over.signal);
    over.abort();
    expect(await waiting).toBe(false);
  });
});
