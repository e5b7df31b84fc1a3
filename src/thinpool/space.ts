import type { PoolCounters, PoolTable } from '../model/facts.ts';
import type { CountedSpace } from '../model/pool.ts';
import { metadataBlockBytes, sectorBytes } from '../model/units.ts';

/** What the file system under a loop file has left, and what of the file is allocated. */
export interface HostRoom {
  readonly freeBytes: number;
  readonly allocatedBytes?: number;
}

/** What the file holds beyond what the pool uses was taken from the file system before: it is there to be written. */
function roomFor(usedBytes: number, { freeBytes, allocatedBytes = 0 }: HostRoom): number {
  return freeBytes + Math.max(0, allocatedBytes - usedBytes);
}

/** The room of a pool's data. `room`: what there is under its loop file (moby deviceset.go, Status). */
export function dataSpace(
  counters: PoolCounters,
  table: PoolTable,
  room: HostRoom | undefined,
): CountedSpace {
  return toSpace(counters.dataUsedBlocks, counters.dataBlocks, table.blockSectors * sectorBytes, room);
}

export function metadataSpace(counters: PoolCounters, room: HostRoom | undefined): CountedSpace {
  return toSpace(counters.metadataUsedBlocks, counters.metadataBlocks, metadataBlockBytes, room);
}

function toSpace(
  usedBlocks: number,
  blocks: number,
  blockBytes: number,
  room: HostRoom | undefined,
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
    availableBytes: Math.min(
      freeBytes,
      room === undefined ? freeBytes : roomFor(usedBlocks * blockBytes, room),
    ),
  };
}

/** No more can be written than a device under the pool has room for. */
export function atMost(space: CountedSpace, roomBytes: number | undefined): CountedSpace {
  return roomBytes === undefined || roomBytes >= space.availableBytes
    ? space
    : { ...space, availableBytes: roomBytes };
}
