import type { FileSystem, PoolCounters, PoolTable } from '../model/facts.ts';
import type { Space } from '../model/pool.ts';
import { metadataBlockBytes, sectorBytes } from '../model/units.ts';

/** The data space of a pool. `hostFree`: free space of the file system under its loop file (moby deviceset.go, Status). */
export function dataSpace(counters: PoolCounters, table: PoolTable, hostFree: FileSystem | undefined): Space {
  return toSpace(counters.dataUsedBlocks, counters.dataBlocks, table.blockSectors * sectorBytes, hostFree);
}

export function metadataSpace(counters: PoolCounters, hostFree: FileSystem | undefined): Space {
  return toSpace(counters.metadataUsedBlocks, counters.metadataBlocks, metadataBlockBytes, hostFree);
}

function toSpace(
  usedBlocks: number,
  blocks: number,
  blockBytes: number,
  hostFree: FileSystem | undefined,
): Space {
  const freeBytes = (blocks - usedBlocks) * blockBytes;
  return {
    blocks,
    usedBlocks,
    blockBytes,
    sizeBytes: blocks * blockBytes,
    usedBytes: usedBlocks * blockBytes,
    freeBytes,
    availableBytes: Math.min(freeBytes, hostFree?.freeBytes ?? freeBytes),
  };
}
