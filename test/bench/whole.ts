import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { type Load, secondsOfCommands } from '../support/load.ts';
import { type DebianProgram, findProgram } from './debian.ts';
import { type Program, startMeasured } from './exporter.ts';
import type { BenchHost } from './host.ts';
import { startNodeExporter } from './node-exporter.ts';

export interface Whole {
  /** Milliseconds of CPU from one scrape to the next, commands included. */
  readonly cpu: number;
  readonly residentBytes: number;
}

export interface WholeCost {
  readonly own: Whole;
  /** With its default collectors. */
  readonly nodeExporter: Whole;
  /** Milliseconds of CPU of LVM's report on this machine. */
  readonly lvmReport: number;
}

export interface Peers {
  readonly nodeExporter: string;
  readonly lvm: DebianProgram;
}

/** Debian's LVM. */
export function findLvm(cache: string): DebianProgram {
  const libraries = ['libdevmapper1.02.1', 'libdevmapper-event1.02.1', 'libaio1', 'libedit2', 'libbsd0'];
  return findProgram(cache, '/sbin/lvm', ['lvm2', ...libraries]);
}

const everySeconds = 5;
const scrapes = 6;

/** This exporter with its default intervals, beside node_exporter and the report of LVM: all scraped every five seconds, at the same time. */
export async function measureWhole(
  program: Program,
  host: BenchHost,
  { nodeExporter, lvm }: Peers,
): Promise<WholeCost> {
  const exporter = await startMeasured(program, host);
  const peer = await startNodeExporter(nodeExporter, []);
  await pause(3000);
  const before = [exporter.load(), peer.load()] as const;
  for (let scrape = 0; scrape < scrapes; scrape += 1) {
    await Promise.all([exporter.url, peer.url].map(async (url) => (await fetch(url)).arrayBuffer()));
    await pause(everySeconds * 1000);
  }
  const after = [exporter.load(), peer.load()] as const;
  await exporter.stop();
  await peer.stop();
  return {
    own: between(before[0], after[0]),
    nodeExporter: between(before[1], after[1]),
    lvmReport: costOfReport(lvm) / scrapes,
  };
}

function between(before: Load, after: Load): Whole {
  const seconds = after.ownSeconds + after.childSeconds - before.ownSeconds - before.childSeconds;
  return { cpu: (1000 * seconds) / scrapes, residentBytes: after.residentBytes };
}

/** Milliseconds of CPU of as many reports as there were scrapes. */
function costOfReport({ file, libraries = '' }: DebianProgram): number {
  const line = `'${file}' fullreport --reportformat json >/dev/null 2>&1\n`;
  const output = execFileSync('bash', {
    input: `${line.repeat(scrapes)}times\n`,
    env: { PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: libraries },
    encoding: 'utf8',
  });
  return 1000 * secondsOfCommands(output);
}
