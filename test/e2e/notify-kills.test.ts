import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeLeftovers } from '../../src/io/replace-file.ts';

/** `NOTIFY_KILLS=500 npm test -- test/e2e/notify-kills.test.ts` takes a quarter of an hour. */
const kills = Number(process.env['NOTIFY_KILLS'] ?? 30);
const pools = 40;
/** Until the last kill there is always something new. */
const everyMs = (400 * kills) / pools;

interface Received {
  readonly id: string;
  /** `pool-3 firing 2` */
  readonly about: string;
  readonly pool: string;
  readonly count: number;
  readonly isAccepted: boolean;
}

const folder = mkdtempSync(join(tmpdir(), 'thinpool-kills-'));
const state = join(folder, 'notify.json');
const bundle = join(folder, 'child.mjs');
const received: Received[] = [];
let server: Server;
let url: string;
/** From the last start on. */
let isFriendly = false;

beforeAll(async () => {
  await build({
    entryPoints: [join(import.meta.dirname, '../support/notify-child.ts')],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // Some libraries are CommonJS.
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  // It accepts, accepts late, fails, or hangs up when it has already taken what was sent.
  server = createServer(async (request, response) => {
    const body: { id: string; pool: string; status: string; count: number } = JSON.parse(await text(request));
    const { id, pool, status, count } = body;
    const chance = isFriendly ? 0 : Math.random();
    const isAccepted = chance < 0.8;
    received.push({ id, pool, count, about: `${pool} ${status} ${count}`, isAccepted });
    if (chance < 0.5) response.end();
    else if (isAccepted) setTimeout(() => response.end(), 40 * Math.random());
    else if (chance < 0.9) response.writeHead(500).end();
    else request.socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
});

async function startChild(began: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [bundle, state, url, String(began), String(pools), String(everyMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

it(
  `killed ${kills} times at any moment, it loses nothing, and what comes twice has the same id`,
  async () => {
    const began = Date.now();
    for (let at = 0; at < kills; at += 1) {
      const child = await startChild(began);
      const ended = once(child, 'exit');
      await pause(300 * Math.random());
      child.kill('SIGKILL');
      await ended;
    }
    isFriendly = true;
    const last = await startChild(began);
    const ended = once(last, 'exit');
    await pause(Math.max(0, began + pools * everyMs - Date.now()) + 10_000);
    last.kill('SIGKILL');
    await ended;

    const accepted = received.filter(({ isAccepted }) => isAccepted);
    const byPool = groupByPool(accepted);
    expect(byPool.size).toBe(pools);
    for (const [pool, own] of byPool) {
      const counts = [...new Set(own.map(({ count }) => count))].sort((one, other) => one - other);
      // A number that is not there was lost.
      expect(counts, pool).toEqual(counts.map((_, index) => index + 1));
    }
    const ids = new Map<string, Set<string>>();
    for (const { about, id } of received) ids.set(about, (ids.get(about) ?? new Set()).add(id));
    expect([...ids].filter(([, own]) => own.size > 1)).toEqual([]);
    const about = new Map(received.map((one) => [one.id, one.about]));
    expect(received.filter(({ id, about: own }) => about.get(id) !== own)).toEqual([]);
    await removeLeftovers(state);
    expect(readdirSync(folder).sort()).toEqual(['child.mjs', 'notify.json']);
    console.log(
      `${kills} kills: ${ids.size} notifications, sent ${received.length} times, accepted ${accepted.length} times`,
    );
  },
  60_000 + 1500 * kills,
);

function groupByPool(all: readonly Received[]): Map<string, Received[]> {
  const groups = new Map<string, Received[]>();
  for (const one of all) groups.set(one.pool, [...(groups.get(one.pool) ?? []), one]);
  return groups;
}
