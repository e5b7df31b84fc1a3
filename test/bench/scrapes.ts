import { Agent, get } from 'node:http';
import { percentile } from '../lab/guest/percentile.ts';

export interface Scrapes {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  readonly bytes: number;
}

/** Scrapes as fast as they are answered, by so many at once, over connections that stay. Milliseconds. */
export async function measureScrapes(
  url: string,
  parallel: number,
  encoding: 'identity' | 'gzip',
  seconds: number,
): Promise<Scrapes> {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  const times: number[] = [];
  let bytes = 0;
  // What the first ones meet is a program that is not warm yet.
  for (let round = 0; round < 20; round += 1) await fetchAll(url, agent, encoding);
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const askedAt = performance.now();
      bytes = await fetchAll(url, agent, encoding);
      times.push(performance.now() - askedAt);
    }
  };
  await Promise.all(Array.from({ length: parallel }, client));
  agent.destroy();
  const perSecond = (1000 * times.length) / (performance.now() - startedAt);
  return { p50: percentile(times, 0.5), p99: percentile(times, 0.99), perSecond, bytes };
}

function fetchAll(url: string, agent: Agent, encoding: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent, headers: { 'accept-encoding': encoding } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('end', () =>
        response.statusCode === 200 ? resolve(bytes) : reject(new Error(`status ${response.statusCode}`)),
      );
    }).on('error', reject);
  });
}
