import { expect, it } from 'vitest';
import { makeHost, makePool, makeSnapshot, makeUnknownPool } from '../../../support/makers.ts';
import { serve } from '../serving.ts';

const GiB = 1024 ** 3;
const pools = [
  makePool({ name: 'vg0-data', dmName: 'vg0-data-tpool', vgName: 'vg0', lvName: 'data', owner: 'other' }),
  makeUnknownPool({ name: 'mute', dmName: 'mute' }),
];

async function ask(path: string, host = makeHost({ pools })) {
  const { get } = await serve({
    latest: () =>
      makeSnapshot({
        host,
        trends: [{ pool: 'vg0-data', fastest: [], data: { points: [], bytesPerSecond: 2 * GiB } }],
      }),
    readiness: () => ['not yet'],
  });
  const response = await get(path);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

it('says whether bytes fit, with the growth that the exporter knows', async () => {
  expect(await ask('/api/v1/pools/vg0-data/room?bytes=1073741824')).toMatchObject({
    status: 200,
    body: {
      pool: 'vg0-data',
      takenAt: 1_000_000,
      bytes: GiB,
      verdict: 'tight',
      growthBytesPerSecond: 2 * GiB,
    },
  });
  expect((await ask('/api/v1/pools/vg0-data/room?bytes=1TiB')).body).toMatchObject({
    verdict: 'does_not_fit',
  });
  expect((await ask('/api/v1/pools/mute/room?bytes=1')).body).toMatchObject({ verdict: 'unknown' });
});

it('takes any name of the pool', async () => {
  for (const name of ['vg0%2Fdata', 'vg0-data-tpool'])
    expect((await ask(`/api/v1/pools/${name}/room?bytes=1`)).body).toMatchObject({ pool: 'vg0-data' });
});

it.each(['', '?bytes=', '?bytes=much', '?bytes=-1', '?bytes=1&new-volume=perhaps'])(
  'refuses a request without a size: %j',
  async (query) => {
    const { status, body } = await ask(`/api/v1/pools/vg0-data/room${query}`);
    expect(status).toBe(400);
    expect(body['error']).toContain('?bytes=SIZE');
  },
);

it('names the pools that there are', async () => {
  expect(await ask('/api/v1/pools/other/room?bytes=1')).toEqual({
    status: 404,
    body: { error: 'no such pool', pools: ['vg0-data', 'mute'] },
  });
});

it('says so where no pool is known', async () => {
  const { status, body } = await ask('/api/v1/pools/x/room?bytes=1', makeHost({ discovered: false }));
  expect([status, body['reasons']]).toEqual([503, ['not yet']]);
});

it('works out the limits once per snapshot, however many requests there are', async () => {
  let walks = 0;
  const pool = new Proxy(pools[0]!, {
    get: (target, key) => {
      if (key === 'minimumFrees') walks += 1;
      return Reflect.get(target, key);
    },
  });
  let snapshot = makeSnapshot({ host: makeHost({ pools: [pool] }) });
  const { get } = await serve({ latest: () => snapshot });
  const request = async (bytes: number) => (await get(`/api/v1/pools/vg0-data/room?bytes=${bytes}`)).text();
  await request(1);
  const once = walks;
  for (let bytes = 2; bytes < 20; bytes += 1) await request(bytes);
  expect([once > 0, walks]).toEqual([true, once]);
  snapshot = makeSnapshot({ host: makeHost({ pools: [pool] }), version: 2 });
  await request(1);
  expect(walks).toBe(2 * once);
});
