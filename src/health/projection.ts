import type { Pool } from '../model/host.ts';
import { metadataBlockBytes } from '../model/units.ts';

/** Blocks that newer kernels keep back and count as used (kernel dm-thin-metadata.c, __set_metadata_reserve). */
export function metadataReserveBlocks(metadataBlocks: number, isReserveCounted: boolean): number {
  return isReserveCounted ? Math.min(4096, Math.floor(metadataBlocks / 10)) : 0;
}

/**
 * Metadata that will be used when data is full, in bytes, if both go on in their present ratio. The kernel's reserve
 * does not grow, so it is set aside first. Absent while no data is used.
 */
export function projectedMetadataBytes(pool: Pool): number | undefined {
  const { counters } = pool;
  if (counters === undefined || counters.dataUsedBlocks === 0) return undefined;
  const isReserveCounted = counters.metadataLowWaterBlocks !== undefined;
  const reserve = Math.min(
    counters.metadataUsedBlocks,
    metadataReserveBlocks(counters.metadataBlocks, isReserveCounted),
  );
  const growing = counters.metadataUsedBlocks - reserve;
  return Math.round(reserve + (growing * counters.dataBlocks) / counters.dataUsedBlocks) * metadataBlockBytes;
}
