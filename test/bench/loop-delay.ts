import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Program, startMeasured } from './exporter.ts';
import type { BenchHost } from './host.ts';

/** Node's own measure, a thousand times a second, from when everything was read once until the end. */
const watcher = (file: string, afterMs: number) => `
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
setTimeout(() => delay.reset(), ${afterMs}).unref();
process.on('exit', () => writeFileSync(${JSON.stringify(file)}, JSON.stringify([delay.percentile(99), delay.max])));
`;

export interface LoopDelay {
  readonly p99: number;
  readonly worst: number;
}

/** Milliseconds that the event loop was late by, while the host is polled every five seconds, without scrapes. */
export async function measureLoopDelay(
  program: Program,
  host: BenchHost,
  folder: string,
): Promise<LoopDelay> {
  const file = path.join(folder, 'loop-delay.json');
  const script = path.join(folder, 'loop-delay.mjs');
  writeFileSync(script, watcher(file, 8000));
  const words = ['devices', 'pools', 'volumes'].map((name) => `--collector.${name}.interval=5s`);
  const exporter = await startMeasured(
    program,
    host,
    [...words, '--collector.volumes.timeout=4s'],
    ['--import', script],
  );
  await pause(30_000);
  await exporter.stop();
  const [p99 = 0, worst = 0] = JSON.parse(readFileSync(file, 'utf8')) as number[];
  return { p99: p99 / 1e6, worst: worst / 1e6 };
}
