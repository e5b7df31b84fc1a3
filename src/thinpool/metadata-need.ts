import type { Pool } from '../model/pool.ts';
import { metadataBlockBytes, sectorBytes } from '../model/units.ts';
import { metadataBlocksPerDataBlock } from './metadata-projection.ts';

/** LVM's own estimate when it makes a pool: 64 bytes for each chunk (lvm2 lib/metadata/thin_manip.c, estimate_thin_pool_metadata_size). */
const estimatedBytes = 64;

/** A leaf of mappings holds 252, and half of them after it was split (kernel drivers/md/persistent-data/dm-btree.c). */
const leastBytes = metadataBlockBytes / 126;

type Measured = Pick<Pool, 'counters' | 'table' | 'lvm' | 'dockerInfo'>;

/** Size of a data block (LVM: chunk); undefined if nothing reports it. */
export function blockBytesOf({ table, lvm, dockerInfo }: Measured): number | undefined {
  if (table !== undefined) return table.blockSectors * sectorBytes;
  return lvm?.chunkSizeBytes ?? dockerInfo?.blockSizeBytes;
}

/**
 * Bytes of metadata that each data block will take: at the present ratio, but never less than mappings take. LVM's estimate
 * where too little is used to know a ratio.
 */
export function metadataBytesPerBlock({ counters }: Measured): number {
  const ratio = counters && metadataBlocksPerDataBlock(counters);
  return ratio === undefined ? estimatedBytes : Math.max(leastBytes, ratio * metadataBlockBytes);
}
