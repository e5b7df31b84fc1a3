import { readLoad } from '../../support/load.ts';
import { startExporter } from '../guest/exporter.ts';
import { findValue } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { countForks, measureOffset, monotonicSeconds, readMoments } from '../guest/moments.ts';
import { pause } from '../guest/patience.ts';
import { percentile } from '../guest/percentile.ts';
import { fillSteadily } from '../guest/steady-fill.ts';
import { openWatch, type Watch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const blockBytes = 65_536;
const blocks = 1024;
const lowWaterBlocks = 300;
const minimumFreePercent = 20;
const minimumFreeBlocks = Math.floor((blocks * minimumFreePercent) / 100);
const crossings = 10;
/** Written before the measured fill, and at once. */
const writtenBefore = 640;
const blocksPerSecond = 40;
const args = [`--minimum-free=${minimumFreePercent}%`];
const idleSeconds = 40;

/** What is held, in seconds from the moment itself to the value in /metrics. */
const medians = { 'low water mark': 0.5, 'mode change': 0.5, 'free < minimum': 1.5 } as const;
type Moment = keyof typeof medians;
/** With more allowed for a slow guest, polling every five seconds would pass. */
const mostLateSeconds = 1;

/** A page, and when it was there. */
interface Seen {
  readonly at: number;
  readonly freeBlocks: number;
  readonly isOut: boolean;
}

export const events = defineScenario({
  name: 'events',
  about:
    'how soon a low water mark, a mode change and a pool below its minimum free are in /metrics, and what idling costs',
  disks: ['1G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    await makePool(lab);
    const without = await measureIdle(lab, 'without', ['--collector.pools.max-fast-polled=0']);
    const idle = await measureIdle(lab, 'with events', []);
    checkIdle(lab, without, idle);
    const offset = measureOffset();
    const watch = await openWatch(lab, args);
    const delays: Record<Moment, number[]> = {
      'low water mark': [],
      'mode change': [],
      'free < minimum': [],
    };
    for (let round = 0; round < crossings; round += 1) {
      await crossMarks(lab, watch, offset, delays);
      const latest = Object.entries(delays).map(([moment, all]) => `${moment} ${all.at(-1)?.toFixed(2)} s`);
      lab.say(`round ${round + 1}: ${latest.join(', ')}`);
    }
    for (const [moment, limit] of Object.entries(medians) as [Moment, number][])
      checkDelays(lab, moment, delays[moment], limit);
    await watch.finish();
  },
});

async function makePool(lab: Lab): Promise<void> {
  await lab.sh(`echo "0 16384 linear /dev/ubda 2048" | dmsetup create meta
echo "0 ${blocks * 128} linear /dev/ubda 32768" | dmsetup create data
dd if=/dev/zero of=/dev/mapper/meta bs=1M count=1 oflag=direct
dmsetup create pool --table "0 ${blocks * 128} thin-pool /dev/mapper/meta /dev/mapper/data 128 ${lowWaterBlocks} 2 skip_block_zeroing error_if_no_space"
dmsetup message pool 0 "create_thin 0"
dmsetup create thin --table "0 ${2 * blocks * 128} thin /dev/mapper/pool 0"`);
}

interface Idle {
  readonly forks: number;
  readonly ownSeconds: number;
}

async function measureIdle(lab: Lab, name: string, more: readonly string[]): Promise<Idle> {
  const exporter = await startExporter(lab, [...args, ...more]);
  // After the first polls.
  await pause(10);
  const before = { forks: countForks(), ...readLoad(exporter.pid) };
  await pause(idleSeconds);
  const after = { forks: countForks(), ...readLoad(exporter.pid) };
  await exporter.stop();
  const forks = after.forks - before.forks;
  const ownSeconds = after.ownSeconds - before.ownSeconds;
  lab.say(`idle ${name}: ${forks} forks and ${ownSeconds.toFixed(2)} s of its own CPU in ${idleSeconds} s`);
  return { forks, ownSeconds };
}

function checkIdle(lab: Lab, without: Idle, idle: Idle): void {
  // Where the interval ends, one poll more or less may fall into it.
  const isSame = idle.forks <= without.forks + 8;
  lab.check(
    'listening for events starts no process',
    isSame,
    `${idle.forks} forks, without ${without.forks}`,
  );
}

/** Fills the pool at a fixed rate past both marks, then until it is full, and empties it again. */
async function crossMarks(
  lab: Lab,
  { exporter }: Watch,
  offset: number,
  delays: Record<Moment, number[]>,
): Promise<void> {
  // The kernel reports its mark once, until the pool is resumed.
  await lab.sh('blkdiscard /dev/mapper/thin && dmsetup suspend pool && dmsetup resume pool');
  await lab.sh(`dd if=/dev/zero of=/dev/mapper/thin bs=64k count=${writtenBefore} oflag=direct`);
  await pause(6);
  const startedAt = monotonicSeconds();
  const pages: Seen[] = [];
  let isFilling = true;
  const output = watchPages(exporter, pages, () => isFilling);
  const to = blocks - minimumFreeBlocks + 10;
  const times = await fillSteadily({
    ...{ device: '/dev/mapper/thin', blockBytes, from: writtenBefore, to, blocksPerSecond },
  });
  const minimumFreeAt = times[blocks - minimumFreeBlocks - writtenBefore];
  await pause(2);
  await lab.run([
    'dd',
    'if=/dev/zero',
    'of=/dev/mapper/thin',
    'bs=64k',
    `seek=${blocks - 210}`,
    'count=300',
    'oflag=direct',
  ]);
  await pause(2);
  isFilling = false;
  await output;
  const records = readMoments(offset).filter(({ at }) => at > startedAt);
  const when = (words: string) => records.find(({ message }) => message.includes(words))?.at;
  note(
    delays['low water mark'],
    pages,
    when('reached low water mark for data'),
    (page) => page.freeBlocks <= lowWaterBlocks,
  );
  note(delays['mode change'], pages, when('switching pool to out-of-data-space'), ({ isOut }) => isOut);
  note(delays['free < minimum'], pages, minimumFreeAt, (page) => page.freeBlocks < minimumFreeBlocks);
}

async function watchPages(exporter: Watch['exporter'], pages: Seen[], goesOn: () => boolean): Promise<void> {
  while (goesOn()) {
    const samples = await exporter.samples();
    const free = findValue(samples, 'thinpool_data_free_bytes', { pool: 'pool' });
    const out = findValue(samples, 'thinpool_mode', { pool: 'pool', mode: 'out_of_data_space' });
    if (free !== undefined)
      pages.push({ at: monotonicSeconds(), freeBlocks: free / blockBytes, isOut: out === 1 });
    await pause(0.1);
  }
}

function note(
  delays: number[],
  pages: readonly Seen[],
  from: number | undefined,
  isShown: (page: Seen) => boolean,
): void {
  const page = pages.find((candidate) => from !== undefined && candidate.at >= from && isShown(candidate));
  delays.push(page === undefined || from === undefined ? Number.POSITIVE_INFINITY : page.at - from);
}

function checkDelays(lab: Lab, moment: Moment, delays: readonly number[], limit: number): void {
  const median = percentile(delays, 0.5);
  const late = Math.min(mostLateSeconds, lab.yardstick.lateSeconds());
  const detail = [
    `median ${median.toFixed(2)} s of ${limit} s and ${late.toFixed(1)} s allowed as the guest is late`,
    delays.map((seconds) => seconds.toFixed(2)).join(' '),
  ];
  lab.check(`${moment} is in /metrics in time`, median <= limit + late, detail.join('; '));
}
