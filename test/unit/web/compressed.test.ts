import { expect, it, vi } from 'vitest';
import { serve } from './serving.ts';

const compressions = vi.hoisted(() => ({ count: 0 }));
vi.mock('node:zlib', async (original) => {
  const zlib = await original<typeof import('node:zlib')>();
  const gzip = (...given: Parameters<typeof zlib.gzip>): void => {
    compressions.count += 1;
    zlib.gzip(...given);
  };
  return { ...zlib, gzip };
});

async function scrapeBy20(get: (path: string) => Promise<Response>): Promise<Set<string>> {
  return new Set(await Promise.all(Array.from({ length: 20 }, async () => (await get('/metrics')).text())));
}

it('an exposition is compressed once for all requests, and the next one again', async () => {
  let page = Buffer.from('thinpool_up 1\n'.repeat(1000));
  const { get } = await serve({ metrics: { render: async () => page } });
  expect(await scrapeBy20(get)).toEqual(new Set([page.toString()]));
  expect(compressions.count).toBe(1);
  page = Buffer.from('thinpool_up 0\n');
  expect(await scrapeBy20(get)).toEqual(new Set([page.toString()]));
  expect(compressions.count).toBe(2);
});
