import { expect, it } from 'vitest';
import { blockBytesOf, metadataBytesPerBlock } from '../../../src/thinpool/metadata-need.ts';
import { makePool } from '../../support/makers.ts';

const counters = makePool().counters!;
const withUse = (dataUsedBlocks: number, metadataUsedBlocks: number) =>
  makePool({ counters: { ...counters, dataUsedBlocks, metadataUsedBlocks } });

it('is the present ratio of metadata to data, where enough is used to know it', () => {
  // 464 blocks of metadata are those of an empty pool of this size.
  expect(metadataBytesPerBlock(withUse(1_000_000, 464 + 20_000))).toBeCloseTo(4096 / 50, 0);
});

it("is LVM's estimate of 64 bytes where too little is used to know a ratio", () => {
  expect(metadataBytesPerBlock(withUse(300_000, 11_492))).toBe(64);
  const { counters: _, ...uncounted } = makePool();
  expect(metadataBytesPerBlock(uncounted)).toBe(64);
});

it('is never less than a mapping takes', () => {
  expect(metadataBytesPerBlock(withUse(1_000_000, 470))).toBeCloseTo(32.5, 1);
});

it('knows the size of a block from the table, LVM or Docker', () => {
  const { table: _, ...pool } = makePool();
  const lvm = { vgName: 'vg', lvName: 'pool', role: 'pool', chunkSizeBytes: 131_072 } as const;
  expect(blockBytesOf(makePool())).toBe(65_536);
  expect(blockBytesOf({ ...pool, lvm })).toBe(131_072);
  expect(blockBytesOf(pool)).toBeUndefined();
});
