import { describe, expect, test } from 'vitest';
import type { FileSystem, PoolCounters, PoolTable } from '../../../src/model/facts.ts';
import { dataSpace, metadataSpace } from '../../../src/thinpool/space.ts';

const counters: PoolCounters = {
  transactionId: 1,
  metadataUsedBlocks: 100,
  metadataBlocks: 1000,
  dataUsedBlocks: 10,
  dataBlocks: 50,
};
const table: PoolTable = {
  kind: 'pool',
  metadataDevice: '7:1',
  dataDevice: '7:0',
  blockSectors: 128,
  lowWaterBlocks: 0,
  features: [],
};
const below = (freeBytes: number): FileSystem => ({ path: '/data', sizeBytes: 1e9, freeBytes });

describe('what is available', () => {
  test('is what is free, in a pool on devices', () => {
    expect(dataSpace(counters, table, undefined)).toMatchObject({
      freeBytes: 40 * 65_536,
      availableBytes: 40 * 65_536,
    });
  });

  test('is what the file system under a loop file has left, where that is less', () => {
    expect(dataSpace(counters, table, below(70_000))).toMatchObject({
      freeBytes: 40 * 65_536,
      availableBytes: 70_000,
    });
    expect(dataSpace(counters, table, below(0))).toMatchObject({ availableBytes: 0 });
    expect(metadataSpace(counters, below(70_000))).toMatchObject({
      freeBytes: 900 * 4096,
      availableBytes: 70_000,
    });
  });

  test('takes no room for what is allocated of the file and not used', () => {
    const room = { freeBytes: 70_000, allocatedBytes: 15 * 65_536 };
    expect(dataSpace(counters, table, room)).toMatchObject({ availableBytes: 70_000 + 5 * 65_536 });
    const sparse = { freeBytes: 70_000, allocatedBytes: 9 * 65_536 };
    expect(dataSpace(counters, table, sparse)).toMatchObject({ availableBytes: 70_000 });
  });

  test('is never more than what is free', () => {
    expect(dataSpace(counters, table, below(1e9))).toMatchObject({ availableBytes: 40 * 65_536 });
  });
});
