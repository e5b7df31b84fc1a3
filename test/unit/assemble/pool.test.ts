import { describe, expect, test } from 'vitest';
import { joinPool, type PoolParts } from '../../../src/assemble/pool.ts';
import { mapStacks } from '../../../src/assemble/stack.ts';
import { makeFacts } from '../../support/makers.ts';
import { replayCase } from '../../support/replayed.ts';

const facts = makeFacts({
  poolStatuses: [
    {
      name: 'p',
      lengthSectors: 128_000,
      state: 'readable',
      counters: {
        transactionId: 0,
        metadataUsedBlocks: 1,
        metadataBlocks: 100,
        dataUsedBlocks: 1,
        dataBlocks: 1000,
      },
    },
  ],
});
const target = {
  kind: 'pool',
  metadataDevice: '253:0',
  dataDevice: '253:1',
  blockSectors: 128,
  lowWaterBlocks: 0,
  features: [],
} as const;

function poolWith(minimumFree: PoolParts['minimumFree']) {
  return joinPool({
    facts,
    device: { name: 'p', device: '253:2', suspended: false, live: true },
    table: { name: 'p', startSectors: 0, lengthSectors: 128_000, targetType: 'thin-pool', target },
    target,
    volumes: new Map(),
    minimumFree,
    stackUnder: mapStacks(facts),
    layoutUnder: () => undefined,
    status: facts.poolStatuses[0],
    times: {
      coverage: [],
      statuses: new Map(),
      oldestOf: () => undefined,
      logicalVolumes: new Map(),
      volumeGroups: new Map(),
      dockerInfos: { startedAt: 7, finishedAt: 7, expiresAt: 100 },
      discovery: undefined,
    },
  });
}

describe('minimum free', () => {
  test('of a pool whose Docker reports one', async () => {
    const { host } = await replayCase('docker-17.03.2-direct-lvm');
    expect(host.pools.map(({ minimumFrees }) => minimumFrees)).toEqual([
      [
        { resource: 'data', origin: 'docker', bytes: 327_680 * 65_536 },
        { resource: 'metadata', origin: 'derived', bytes: 416_160 * 4096 },
      ],
    ]);
  });

  test('of a pool without a consumer are those configured: its own before that of all', () => {
    expect(poolWith([]).minimumFrees).toEqual([]);
    expect(poolWith([{ percent: 10 }]).minimumFrees).toMatchObject([
      { bytes: 100 * 65_536 },
      { bytes: 10 * 4096 },
    ]);
    expect(poolWith([{ percent: 10 }, { pool: 'p', percent: 5 }]).minimumFrees).toMatchObject([
      { bytes: 50 * 65_536 },
      { bytes: 5 * 4096 },
    ]);
    expect(poolWith([{ pool: 'q', percent: 5 }]).minimumFrees).toEqual([]);
    // They are configured, so they have no time.
    expect(poolWith([{ percent: 10 }]).minimumFreeReportedAt).toBeUndefined();
  });
});
