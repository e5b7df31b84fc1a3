import type { PoolCounters } from '../model/facts.ts';

/** Blocks that one bitmap block of a space map describes (kernel drivers/md/persistent-data/dm-space-map-common.h). */
const blocksPerBitmap = (4096 - 16) * 4;

/**
 * Superblock, and one block each for the roots: mappings, device details, the two space maps' indexes and reference
 * counts (kernel drivers/md/dm-thin-metadata.c, __format_metadata).
 */
const rootBlocks = 7;

/** Below this share of used data a projection is meaningless. */
const leastUsedRatio = 0.1;

/**
 * Used metadata blocks when the data space is full, at the present ratio of metadata to data; may exceed the total.
 * Counted like metadataUsedBlocks, including the kernel's reserve if that does. The metadata of an empty pool of this size
 * does not grow with its contents. Undefined while less than a tenth of the data is used.
 */
export function metadataBlocksWhenFull(counters: PoolCounters): number | undefined {
  const { dataUsedBlocks, dataBlocks } = counters;
  if (!isRatioKnown(counters)) return undefined;
  return Math.ceil(fixedBlocks(counters) + (mappingBlocks(counters) * dataBlocks) / dataUsedBlocks);
}

/** Metadata blocks for each used data block, as the pool is now. Undefined as above. */
export function metadataBlocksPerDataBlock(counters: PoolCounters): number | undefined {
  return isRatioKnown(counters) ? mappingBlocks(counters) / counters.dataUsedBlocks : undefined;
}

function isRatioKnown({ dataUsedBlocks, dataBlocks }: PoolCounters): boolean {
  return dataUsedBlocks > 0 && dataUsedBlocks >= leastUsedRatio * dataBlocks;
}

function mappingBlocks(counters: PoolCounters): number {
  return Math.max(0, counters.metadataUsedBlocks - fixedBlocks(counters));
}

function fixedBlocks(counters: PoolCounters): number {
  return hiddenReserve(counters) + emptyPoolBlocks(counters);
}

/**
 * Blocks that the kernel counts as used and keeps for itself (drivers/md/dm-thin-metadata.c, __set_metadata_reserve).
 * A status line with the metadata low water mark indicates a kernel that counts them; backports may blur this.
 */
export function hiddenReserve({ metadataBlocks, metadataLowWaterBlocks }: PoolCounters): number {
  return metadataLowWaterBlocks === undefined ? 0 : Math.min(4096, Math.floor(metadataBlocks / 10));
}

function emptyPoolBlocks({ dataBlocks, metadataBlocks }: PoolCounters): number {
  return rootBlocks + Math.ceil(dataBlocks / blocksPerBitmap) + Math.ceil(metadataBlocks / blocksPerBitmap);
}
