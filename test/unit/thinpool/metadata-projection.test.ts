import { expect, test } from 'vitest';
import type { PoolCounters } from '../../../src/model/facts.ts';
import { metadataBlocksWhenFull } from '../../../src/thinpool/metadata-projection.ts';

/** Docker 17.03 on a kernel before the reserve: 17.76 % of the data used. */
const article: PoolCounters = {
  transactionId: 65465,
  metadataUsedBlocks: 11492,
  metadataBlocks: 4161600,
  dataUsedBlocks: 581965,
  dataBlocks: 3276800,
};

test('mappings grow with the data; what an empty pool takes does not', () => {
  // 7 roots, 201 bitmap blocks for the data and 255 for the metadata.
  const fixed = 7 + 201 + 255;
  expect(metadataBlocksWhenFull(article)).toBe(Math.ceil(fixed + ((11492 - fixed) * 3276800) / 581965));
});

test('the reserve of newer kernels does not grow either', () => {
  const counters = { ...article, metadataUsedBlocks: 11492 + 4096, metadataLowWaterBlocks: 1024 };
  expect(metadataBlocksWhenFull(counters)).toBe((metadataBlocksWhenFull(article) ?? 0) + 4096);
});

test('of small metadata a tenth is reserve, and an empty pool stays where it is', () => {
  // A pool of 64 MiB with 4 MiB of metadata and no volume, seen: 111 blocks, 102 of them reserve.
  const empty = {
    transactionId: 0,
    metadataUsedBlocks: 111,
    metadataBlocks: 1024,
    dataUsedBlocks: 1024,
    dataBlocks: 1024,
    metadataLowWaterBlocks: 256,
  };
  expect(metadataBlocksWhenFull(empty)).toBe(111);
  expect(metadataBlocksWhenFull({ ...empty, metadataUsedBlocks: 0 })).toBe(111);
});

test('may exceed what there is', () => {
  const counters = { ...article, metadataBlocks: 25600, metadataUsedBlocks: 12800, dataUsedBlocks: 327680 };
  expect(metadataBlocksWhenFull(counters)).toBeGreaterThan(25600);
});

test('says nothing while there is little to go by', () => {
  expect(metadataBlocksWhenFull({ ...article, dataUsedBlocks: 327679 })).toBeUndefined();
  expect(metadataBlocksWhenFull({ ...article, dataUsedBlocks: 327680 })).toBeDefined();
  expect(metadataBlocksWhenFull({ ...article, dataUsedBlocks: 0, dataBlocks: 0 })).toBeUndefined();
});
