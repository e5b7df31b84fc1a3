import { createServer } from 'node:http';
import { freePort } from '../../../demo/ports.ts';
import { secondMs } from '../../../src/model/units.ts';
import { expositionsOf } from './expositions.ts';
import { kinds, type Place } from './host.ts';

/** Hosts that differ; a fleet has each of them many times, under other names. */
const different = 60;
/** Moments of each host, served in turn. */
const moments = 6;
const apartMs = 30 * secondMs;
const poolsOfHost = 2;
const volumesOfHost = 20;

export const placeOf = (number: number): Place => ({
  number,
  kind: kinds[number % kinds.length] ?? 'raw',
  pools: poolsOfHost,
  volumes: volumesOfHost,
});

/** Expositions by host, at moments one after the other. */
export type Expositions = readonly (readonly Buffer[])[];

export async function makeExpositions(hosts: number, now: number): Promise<Expositions> {
  const made: (readonly Buffer[])[] = [];
  const times = Array.from({ length: moments }, (_, at) => now + at * apartMs);
  for (let number = 0; number < Math.min(hosts, different); number += 1)
    made.push(await expositionsOf(placeOf(number), times, { set: 'essential', detailedVolumes: 1 }));
  return made;
}

export interface Targets {
  /** One entry of static_configs for each host. */
  readonly configs: readonly object[];
  readonly close: () => Promise<void>;
}

export const instanceOf = (host: number): string => `host${host}:10058`;

/** Serves the expositions of many hosts from one process, each under a path of its own. */
export async function serveTargets(hosts: number, made: Expositions): Promise<Targets> {
  const startedAt = performance.now();
  const server = createServer((request, response) => {
    const host = Number(/^\/(\d+)\//.exec(request.url ?? '')?.[1] ?? 0);
    const own = made[host % made.length] ?? [];
    const turn = Math.floor((performance.now() - startedAt) / apartMs);
    const text = String(own[turn % own.length]);
    // The rules notice a clock that stands still.
    const clock = /^(thinpool_exporter_clock_timestamp_seconds) .*$/m;
    const status = /^(thinpool_status_timestamp_seconds\{.*\}) .*$/gm;
    const seconds = Date.now() / secondMs;
    response.setHeader('content-type', 'text/plain; version=0.0.4');
    response.end(text.replace(clock, `$1 ${seconds}`).replaceAll(status, `$1 ${seconds - 2}`));
  });
  const port = await freePort(24_000);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
  const configs = Array.from({ length: hosts }, (_, host) => ({
    targets: [`127.0.0.1:${port}`],
    labels: { __metrics_path__: `/${host}/metrics`, instance: instanceOf(host) },
  }));
  return {
    configs,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
