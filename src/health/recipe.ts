import type { Pool, Resource } from '../model/host.ts';
import { planAutoextend } from '../thinpool/autoextend.ts';

/** The least that automatic extension can ever ask of the VG as it is: the step taken right at the threshold. */
export interface FirstExtension {
  readonly resource: Resource;
  readonly neededBytes: number;
  readonly freeBytes: number;
  /** Shares of the whole VG, 0..1. */
  readonly neededRatio: number;
  readonly freeRatio: number;
  /** False: no extension can succeed before the VG gains space. */
  readonly fits: boolean;
}

type SetUp = Pick<Pool, 'lengthSectors' | 'counters' | 'lvm' | 'volumeGroup' | 'autoextend'>;

/**
 * Whether a pool's set-up leaves room for what it promises. The well-known one of 95 % of the VG for data and 1 % for
 * metadata with 80/20 does not: the first step is 19 % of the VG, and 3 % are left. Empty where LVM does not extend
 * the pool, or its VG is not known.
 */
export function firstExtensions(pool: SetUp): readonly FirstExtension[] {
  const { autoextend, volumeGroup } = pool;
  if (volumeGroup === undefined || autoextend === undefined || !autoextend.enabled) return [];
  const { freeBytes, sizeBytes } = volumeGroup;
  if (sizeBytes === 0) return [];
  return planAutoextend(atThreshold(pool), autoextend).steps.map(({ resource, neededBytes }) => ({
    resource,
    neededBytes,
    freeBytes,
    neededRatio: neededBytes / sizeBytes,
    freeRatio: freeBytes / sizeBytes,
    fits: neededBytes <= freeBytes,
  }));
}

/** The same pool as it will be when it passes its threshold: sizes without usage. */
function atThreshold({ lengthSectors, counters, lvm, volumeGroup }: SetUp): SetUp {
  return {
    lengthSectors,
    ...(counters && { counters: { ...counters, dataUsedBlocks: 0, metadataUsedBlocks: 0 } }),
    ...(lvm && { lvm: { ...lvm, dataPercent: 0, metadataPercent: 0 } }),
    ...(volumeGroup && { volumeGroup }),
  };
}
