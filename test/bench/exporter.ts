import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../demo/ports.ts';
import { type Load, readLoad, readPrivateBytes } from '../support/load.ts';
import type { BenchHost } from './host.ts';

export interface Program {
  readonly file: string;
  /** What it is started with, besides where its commands are. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface Measured {
  readonly url: string;
  /** From its start until every pool and volume was on the page. */
  readonly completeAfterMs: number;
  /** What it has cost so far. */
  readonly load: () => Load;
  readonly privateBytes: () => number;
  /** Throws if one of its queries has failed. */
  readonly stop: () => Promise<void>;
}

/** Where to search for a free one. */
export const firstPort = 23_056;

/** Starts the program on such a host, and waits until it exports all of it. `node`: arguments of Node.js itself. */
export async function startMeasured(
  program: Program,
  { size, tools }: BenchHost,
  words: readonly string[] = [],
  node: readonly string[] = [],
): Promise<Measured> {
  const port = await freePort(firstPort);
  const startedAt = performance.now();
  const args = [
    ...node,
    program.file,
    'serve',
    `--web.listen-address=127.0.0.1:${port}`,
    '--volumes.max=20000',
    '--metrics.set=all',
    '--log.level=error',
    ...['kmsg', 'dmeventd', 'lvmpolicy', 'lvm', 'docker', 'containers'].map(
      (name) => `--collector.${name}=off`,
    ),
    '--collector.pools.events=false',
    ...words,
  ];
  const child = spawn(process.execPath, args, {
    env: { PATH: `${tools}:/usr/bin:/bin`, ...program.environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const pid = child.pid ?? 0;
  const url = `http://127.0.0.1:${port}/metrics`;
  const series = size.pools + size.volumes;
  while ((await countSeries(url)) < series) {
    if (child.exitCode !== null || performance.now() - startedAt > 60_000) {
      child.kill('SIGKILL');
      throw new Error(`${url} does not tell all of the host`);
    }
    await pause(20);
  }
  return {
    url,
    completeAfterMs: performance.now() - startedAt,
    load: () => readLoad(pid),
    privateBytes: () => readPrivateBytes(pid),
    stop: () => requireAnswers(url).finally(() => end(child)),
  };
}

/** A failed query costs what no other does: such figures would measure something else. */
async function requireAnswers(url: string): Promise<void> {
  const page = await (await fetch(url)).text();
  const failures = page.match(/^thinpool_collector_failures_total\{.*\} [1-9].*$/gm) ?? [];
  if (failures.length > 0)
    throw new Error(`the simulated tools got a query that they do not know:\n${failures.join('\n')}`);
}

/** Pools and volumes on the page. */
async function countSeries(url: string): Promise<number> {
  try {
    const page = await (await fetch(url)).text();
    return page.split('\n').filter((line) => /^thinpool_(?:data_used_bytes|volume_mapped_bytes)\{/.test(line))
      .length;
  } catch {
    return 0;
  }
}

export function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}
