import { Slots } from '../../src/collect/concurrency.ts';
import { Monitor } from '../../src/collect/monitor.ts';
import { collectors } from '../../src/collectors/index.ts';
import { renderFacts } from '../../src/metrics/exposition.ts';
import { parseExposition } from '../lab/guest/exposition.ts';
import { garbageCollector } from '../support/garbage.ts';
import { settled } from '../support/scripted.ts';
import { Faults } from './faults.ts';
import { randomFrom } from './random.ts';
import { Reader } from './reader.ts';
import { Truth } from './truth.ts';
import { World } from './world.ts';

export interface SoakReport {
  readonly seconds: number;
  readonly commands: number;
  readonly pages: number;
  /** Values on those pages that were held against the host. */
  readonly compared: number;
  /** Everything that was not as it must be, the first hundred. */
  readonly wrongs: readonly string[];
  /** Commands at once within their deadline. */
  readonly mostAtOnce: number;
  /** In the end, when all is well again. */
  readonly childrenLeft: number;
  readonly seriesLeft: readonly string[];
  /** Bytes of the heap after a collection, at each tenth of the time. */
  readonly heap: readonly number[];
}

/** In the end: without faults, and then with nothing going on until what has gone is forgotten. */
const calmSeconds = 180;
const stillSeconds = 120;
const forgetAfterSeconds = 60;
const pageEverySeconds = 5;

/** Lets a number of seconds pass as fast as possible, and compares every exposition with the simulated host. */
export async function soak(seconds: number, seed: number): Promise<SoakReport> {
  const random = randomFrom(seed);
  const world = new World(random);
  const faults = new Faults(random);
  const reader = new Reader(world, faults, random);
  const truth = new Truth();
  const monitor = createMonitor(reader);
  const epoch = reader.now / 1000;
  const heap: number[] = [];
  const collectGarbage = garbageCollector();
  let pages = 0;
  for (let second = 0; second < seconds + calmSeconds + stillSeconds; second += 1) {
    reader.now = (epoch + second) * 1000;
    reader.isHurried = second >= seconds + calmSeconds;
    if (!reader.isHurried) world.tick();
    if (second < seconds) faults.tick(second, [...world.pools.keys()]);
    else faults.end();
    truth.note(second, world, faults.isCalm && reader.alive === 0);
    reader.tick();
    await settled();
    monitor.tick();
    await settled();
    if (second % pageEverySeconds === 0) {
      const { host, findings } = monitor.current();
      truth.compare(second, await renderFacts({ host, findings, trends: [] }, 'text'), epoch);
      pages += 1;
    }
    if (second % Math.ceil(seconds / 10) === 0) {
      collectGarbage();
      heap.push(process.memoryUsage().heapUsed);
    }
    if (truth.wrongs.length + reader.wrongs.length > 100) break;
  }
  return {
    seconds,
    commands: reader.started,
    pages,
    compared: truth.compared,
    wrongs: [...truth.wrongs, ...reader.wrongs].slice(0, 100),
    mostAtOnce: reader.mostAtOnce,
    childrenLeft: reader.alive,
    seriesLeft: await strangers(monitor, createMonitor(reader)),
    heap,
  };
}

function createMonitor(reader: Reader): Monitor {
  return new Monitor({
    collectors: collectors.map((collector) => ({ collector, mode: 'auto', settings: collector.defaults })),
    queryOptions: { segMonitor: 'auto' },
    read: reader.read,
    slots: new Slots(8),
    now: () => reader.now,
    log: { warn: () => {}, info: () => {} },
    assemble: { maxVolumes: 2000, minimumFree: [] },
    keepOutputs: false,
    missingRetentionMs: forgetAfterSeconds * 1000,
    maxFastPolled: 8,
  });
}

/** Series about pools and volumes that one that has just begun does not have. */
async function strangers(old: Monitor, fresh: Monitor): Promise<readonly string[]> {
  await fresh.collectOnce();
  const known = new Set(await seriesOf(fresh));
  return (await seriesOf(old)).filter((series) => !known.has(series));
}

async function seriesOf(monitor: Monitor): Promise<readonly string[]> {
  const { host } = monitor.current();
  return parseExposition(await renderFacts({ host, findings: [], trends: [] }, 'text'))
    .filter(({ labels }) => labels['pool'] !== undefined)
    .map(({ name, labels }) => `${name} ${JSON.stringify(labels)}`);
}
