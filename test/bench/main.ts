import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bundleProgram } from '../../scripts/build/bundle.mjs';
import { unitEnvironment } from '../support/unit.ts';
import { measureClients } from './clients.ts';
import { type Program, startMeasured } from './exporter.ts';
import { openBenchHost, type Size } from './host.ts';
import { measureLoopDelay } from './loop-delay.ts';
import { measureHour } from './memory.ts';
import { findNodeExporter, serveByNodeExporter } from './node-exporter.ts';
import { renderCost, type SizeResult } from './page.ts';
import { measureRounds } from './rounds.ts';
import { measureScrapes, type Scrapes } from './scrapes.ts';
import { findLvm, measureWhole, type Peers } from './whole.ts';

const project = path.resolve(import.meta.dirname, '../..');
const cache = path.join(project, '.cache/bench');

const sizes: readonly Size[] = [
  { pools: 1, volumes: 100 },
  { pools: 10, volumes: 100 },
  { pools: 10, volumes: 1000 },
  { pools: 100, volumes: 10_000 },
];
const scrapeSeconds = 6;

/** `npm run bench`, with `--write` for docs/behaviour/cost.md, with `--pools=10 --volumes=100` for one size. */
export async function main(words: readonly string[]): Promise<number> {
  const options = {
    write: { type: 'boolean' },
    pools: { type: 'string' },
    volumes: { type: 'string' },
  } as const;
  const { write = false, pools, volumes } = parseArgs({ args: [...words], options }).values;
  const chosen = pools === undefined ? sizes : [{ pools: Number(pools), volumes: Number(volumes) }];
  mkdirSync(cache, { recursive: true });
  // As it is packaged, and as the unit starts it.
  const file = path.join(cache, 'thinpool-exporter.mjs');
  const program = { file, environment: unitEnvironment(project) };
  bundleProgram(project, file, { minify: true, legalComments: 'none' });
  const nodeExporter = findNodeExporter(cache);
  const lvm = findLvm(cache);
  const results: SizeResult[] = [];
  for (const size of chosen) {
    results.push(await measure(size, { program, nodeExporter, lvm, cache }));
    process.stdout.write(`${JSON.stringify(results.at(-1))}\n`);
  }
  const page = renderCost(results);
  process.stdout.write(page);
  if (write) writeFileSync(path.join(project, 'docs/behaviour/cost.md'), page);
  return 0;
}

interface Programs extends Peers {
  readonly program: Program;
  readonly cache: string;
}

async function measure(size: Size, { program, nodeExporter, lvm, cache }: Programs): Promise<SizeResult> {
  const host = openBenchHost(size);
  try {
    const round = await measureRounds(program, host);
    const whole = await measureWhole(program, host, { nodeExporter, lvm });
    const delay = await measureLoopDelay(program, host, cache);
    const exporter = await startMeasured(program, host);
    const hour = await measureHour(exporter);
    const scrapes = await measureAll(exporter.url);
    const clients = await measureClients(exporter);
    const { residentBytes } = exporter.load();
    const page = await (await fetch(exporter.url)).text();
    await exporter.stop();
    const peer = await serveByNodeExporter(nodeExporter, page);
    const peerScrapes = await measureAll(peer.url);
    await peer.stop();
    const series = page.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
    const completeAfterMs = await startTimes(program, host);
    return {
      size,
      series,
      round,
      whole,
      delay,
      scrapes,
      peerScrapes,
      clients,
      hour,
      residentBytes,
      completeAfterMs,
    };
  } finally {
    host.close();
  }
}

const variants = [
  [1, 'identity'],
  [1, 'gzip'],
  [16, 'identity'],
  [16, 'gzip'],
] as const;

async function measureAll(url: string): Promise<Scrapes[]> {
  const all: Scrapes[] = [];
  for (const [parallel, encoding] of variants)
    all.push(await measureScrapes(url, parallel, encoding, scrapeSeconds));
  return all;
}

/** The median of five starts. */
async function startTimes(program: Program, host: ReturnType<typeof openBenchHost>): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < 5; start += 1) {
    const exporter = await startMeasured(program, host);
    times.push(exporter.completeAfterMs);
    await exporter.stop();
  }
  return times.toSorted((one, other) => one - other)[2] ?? 0;
}
