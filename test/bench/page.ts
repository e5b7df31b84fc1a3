import { cpus } from 'node:os';
import type { Size } from './host.ts';
import type { LoopDelay } from './loop-delay.ts';
import type { Hour } from './memory.ts';
import type { RoundCost } from './rounds.ts';
import type { Scrapes } from './scrapes.ts';

export interface SizeResult {
  readonly size: Size;
  /** On the page. */
  readonly series: number;
  readonly round: RoundCost;
  readonly delay: LoopDelay;
  /** One and sixteen at once, each as text and gzip. */
  readonly scrapes: readonly Scrapes[];
  readonly peerScrapes: readonly Scrapes[];
  readonly hour: Hour;
  readonly residentBytes: number;
  readonly completeAfterMs: number;
}

const kinds = ['1, text', '1, gzip', '16, text', '16, gzip'];

/** docs/behaviour/cost.md, from what was measured in one run. */
export function renderCost(results: readonly SizeResult[]): string {
  return `# What it costs

Made by \`npm run bench -- --write\`: everything side by side in one run, on ${cpus().length} cores of ${cpus()[0]?.model.trim() ?? 'an unknown kind'}, Node.js ${process.version}.
The hosts are simulated: a \`dmsetup\` that prints what a host of that size would, at the least cost that a program can have
(\`sh\` and \`cat\`). Real commands cost more, so that the exporter's share of the whole is smaller than here. Every five seconds
each pool and a tenth of the volumes hold more or less than before.

## A round of readings

CPU of one round (devices, tables, the status of every pool and volume), in milliseconds: the bare commands run by a shell; the
same commands as the exporter's children; the exporter itself; and how much that is of a core at a round each five seconds.

| pools | volumes | bare | its commands | itself | whole ÷ bare | of a core | event loop late, p99 | worst |
|---:|---:|---:|---:|---:|---:|---:|---:|---:|
${results.map(roundRow).join('\n')}

## Scrapes

Milliseconds until a page was there, as fast as it is asked for while readings go on, against node_exporter serving the same
series from a file.

| pools | volumes | series | at once | p50 | p99 | a second | node_exporter p50 | p99 | a second | p99 ÷ its |
|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|
${results.flatMap(scrapeRows).join('\n')}

## Memory and start

Resident memory of the bundle with Node.js, as the unit starts it, in MiB: after a minute of polls without a scrape; at the half and
at the end of as many scrapes as an hour has, beside polls; and after all those above, thousands a second. What is not its own
are pages of Node's file, which any Node.js on the host shares: 34 MiB as soon as it starts. The last column is the time from the
start until a page told every pool and volume.

| pools | volumes | quiet | half an hour | an hour | of it its own | thousands a second | complete after, ms |
|---:|---:|---:|---:|---:|---:|---:|---:|
${results.map(memoryRow).join('\n')}
`;
}

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
const sizeCells = ({ pools, volumes }: Size) => [pools, volumes];

function roundRow({ size, round, delay }: SizeResult): string {
  const { floor, commands, own } = round;
  const share = `${((commands + own) / 50).toFixed(1)} %`;
  const ratio = ((commands + own) / floor).toFixed(1);
  const times = [floor, commands, own].map((ms) => ms.toFixed(1));
  return row([
    ...sizeCells(size),
    ...times,
    ratio,
    share,
    `${delay.p99.toFixed(1)} ms`,
    `${delay.worst.toFixed(0)} ms`,
  ]);
}

function scrapeRows({ size, series, scrapes, peerScrapes }: SizeResult): string[] {
  return scrapes.map((own, at) => {
    const peer = peerScrapes[at] ?? own;
    const cells = [own, peer].map(({ p50, p99, perSecond }) => [
      p50.toFixed(1),
      p99.toFixed(1),
      perSecond.toFixed(0),
    ]);
    return row([
      ...sizeCells(size),
      series,
      kinds[at] ?? '',
      ...cells.flat(),
      (own.p99 / peer.p99).toFixed(2),
    ]);
  });
}

function memoryRow({ size, round, hour, residentBytes, completeAfterMs }: SizeResult): string {
  const bytes = [round.residentBytes, hour.halfBytes, hour.fullBytes, hour.privateBytes, residentBytes];
  const mebibytes = bytes.map((one) => (one / 2 ** 20).toFixed(0));
  return row([...sizeCells(size), ...mebibytes, completeAfterMs.toFixed(0)]);
}
