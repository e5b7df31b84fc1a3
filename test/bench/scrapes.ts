import { percentile } from '../lab/guest/percentile.ts';
import { openClient } from './client.ts';

export interface Scrapes {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

/** Scrapes as fast as they are answered, by a number of clients at once, over connections that stay. Milliseconds. */
export async function measureScrapes(
  url: string,
  parallel: number,
  encoding: 'identity' | 'gzip',
  seconds: number,
): Promise<Scrapes> {
  const clients = await Promise.all(Array.from({ length: parallel }, () => openClient(url, encoding)));
  const times: number[] = [];
  // What the first ones meet is a program that is not warm yet.
  for (let round = 0; round < 20; round += 1) await clients[0]?.fetch();
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const ask = async (fetch: () => Promise<void>): Promise<void> => {
    while (performance.now() < until) {
      const requestedAt = performance.now();
      await fetch();
      times.push(performance.now() - requestedAt);
    }
  };
  await Promise.all(clients.map(({ fetch }) => ask(fetch)));
  for (const client of clients) client.close();
  const perSecond = (1000 * times.length) / (performance.now() - startedAt);
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), perSecond };
}
