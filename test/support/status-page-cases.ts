import type { Snapshot } from '../../src/model/host.ts';
import type { Pool } from '../../src/model/pool.ts';
import { readiness } from '../../src/rules/readiness.ts';
import type { Deps } from '../../src/web/deps.ts';
import { judgeHost } from './judge-host.ts';
import { makeCollector, makeHost, makePool, makeSnapshot, makeSpace, makeVolume } from './makers.ts';
import { replayCase } from './replayed.ts';
import { ScriptedHost } from './scripted.ts';
import { makeTrend } from './trends.ts';

/** What the page is made from, at its moment. */
export type PageCase = Pick<Deps, 'latest' | 'readiness' | 'now'>;

function still(snapshot: Snapshot, now = snapshot.host.takenAt): PageCase {
  return { latest: () => snapshot, readiness: () => readiness(snapshot.host), now: () => now };
}

/** The pool of the recipe, a quarter of an hour before its end. */
async function filling(): Promise<PageCase> {
  const captured = await replayCase('lab-recipe');
  const { host } = captured;
  const trends = host.pools.map((pool) => ({
    ...makeTrend(pool, 'data', 150_000),
    fastest: pool.volumes.map(({ name, mappedBytes = 0 }) => ({
      volume: name,
      bytesPerSecond: 150_000,
      mappedBytes,
    })),
  }));
  return still({ ...captured, trends });
}

/** A pool that answered, was full, and whose status has hung in the kernel since. */
async function stuck(): Promise<PageCase> {
  const scripted = new ScriptedHost(['devices', 'pools']);
  scripted.pool(
    'docker-thinpool',
    '7 220/2048 1990/2000 - out_of_data_space discard_passdown queue_if_no_space - 512',
  );
  scripted.pool('calm', '1 30/2048 10/2000 - rw discard_passdown queue_if_no_space - 512', { minor: 9 });
  await scripted.pass(10);
  scripted.outputs.set('pools/docker-thinpool', 'hang');
  await scripted.pass(60);
  return still(scripted.monitor.current());
}

/** A pool that was suspended some seconds ago, which is reported only if it lasts. */
async function waiting(): Promise<PageCase> {
  const scripted = new ScriptedHost(['devices', 'pools']);
  scripted.pool('vg-pool', '1 30/2048 10/2000 - rw discard_passdown queue_if_no_space - 512');
  await scripted.pass(10);
  scripted.pool('vg-pool', '1 30/2048 10/2000 - rw discard_passdown queue_if_no_space - 512', {
    attr: 'L-sw',
  });
  await scripted.pass(10);
  return still(scripted.monitor.current());
}

/** As many as a large host has: of every kind, from well to nearly full. */
function fifty(): PageCase {
  const pools = Array.from({ length: 50 }, (_, index) => crowdedPool(index));
  const host = makeHost({ pools, collectors: [makeCollector()] });
  const trends = pools.map((pool, index) => ({
    ...makeTrend(pool, 'data', (index - 10) * 10_000),
    fastest: pool.volumes.map(({ name }, at) => ({
      volume: name,
      bytesPerSecond: 1000 * (40 - at),
      mappedBytes: 1e9,
    })),
  }));
  return still(
    makeSnapshot({ host, findings: judgeHost(host, new Map(), { debounce: false }).findings, trends }),
  );
}

const blocks = 1_600_000;

function crowdedPool(index: number): Pool {
  const usedBlocks = Math.floor((blocks * (index + 1)) / 51);
  const table = { ...makePool().table, lowWaterBlocks: Math.floor(blocks / 5) };
  return makePool({
    name: `vg${index}-pool`,
    dmName: `vg${index}-pool-tpool`,
    device: `253:${100 * index}`,
    vgName: `vg${index}`,
    table,
    lengthSectors: 128 * blocks,
    data: makeSpace(usedBlocks, blocks, 65_536),
    metadata: makeSpace(4000 + 20 * index, 65_536, 4096),
    volumes: Array.from({ length: 40 }, (_, at) => makeVolume(`253:${100 * index + at + 1}`)),
    volumeCount: 40,
    provisionedBytes: 40 * 1024 ** 3,
    volumeGroup: {
      vgName: `vg${index}`,
      sizeBytes: 2e11,
      freeBytes: 4e10,
      extentBytes: 4 << 20,
      pvNames: [],
    },
  });
}

export const tracker = '50 pools, 2,000 volumes';

/** Every state of a host for which the page is drawn. */
export const cases: Readonly<Record<string, () => Promise<PageCase>>> = {
  healthy: async () => still(await replayCase('lab-healthy')),
  filling,
  'out of space': async () => still(await replayCase('lab-queueing')),
  "Docker's minimum": async () => still(await replayCase('lab-docker-direct')),
  'stuck collector': stuck,
  'pending finding': waiting,
  'loop files': async () => still(await replayCase('lab-docker-loop-low')),
  'not active': async () => still(await replayCase('field-pve-inactive')),
  'no pools': async () => still(await replayCase('lab-empty')),
  'out of date': async () => {
    const snapshot = await replayCase('lab-healthy');
    return still(snapshot, snapshot.host.takenAt + 65_000);
  },
  'no device-mapper': async () => still(await replayCase('lab-no-dm')),
  [tracker]: async () => fifty(),
};
