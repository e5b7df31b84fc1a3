import type { FileSystem, PoolCounters, PoolTable } from '../model/facts.ts';
import type { CountedSpace } from '../model/pool.ts';
import { metadataBlockBytes, sectorBytes } from '../model/units.ts';

/** The room of a pool's data. `hostFree`: what the file system under its loop file has left (moby deviceset.go, Status). */
export function dataSpace(
  counters: PoolCounters,
  table: PoolTable,
  hostFree: FileSystem | undefined,
): CountedSpace {
  return toSpace(counters.dataUsedBlocks, counters.dataBlocks, table.blockSectors * sectorBytes, hostFree);
}

export function metadataSpace(counters: PoolCounters, hostFree: FileSystem | undefined): CountedSpace {
  return toSpace(counters.metadataUsedBlocks, counters.metadataBlocks, metadataBlockBytes, hostFree);
}

function toSpace(
  usedBlocks: number,
  blocks: number,
  blockBytes: number,
  hostFree: FileSystem | undefined,
): CountedSpace {
  const freeBytes = (blocks - usedBlocks) * blockBytes;
  return {
    origin: 'kernel',
    blocks,
    usedBlocks,
    blockBytes,
    sizeBytes: blocks * blockBytes,
    usedBytes: usedBlocks * blockBytes,
    freeBytes,
    availableBytes: Math.min(freeBytes, hostFree?.freeBytes ?? freeBytes),
  };
}
