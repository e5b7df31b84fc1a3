import type { VolumeUsage } from '../model/facts.ts';
import type { Volume } from '../model/pool.ts';
import { byVolume } from './by-volume.ts';

/** Undefined if it is not known. */
export type ReclaimableOf = (volume: Volume) => number | undefined;

/**
 * What a volume maps beyond what its file system uses: trimming frees that at most. The file system is read rarely: what was
 * mapped since then may be in use, and what is mapped no more was trimmed.
 */
export function reclaimableIn(usages: readonly VolumeUsage[]): ReclaimableOf {
  const usageOf = byVolume(usages);
  return (volume) => {
    const usage = volume.mappedBytes === undefined ? undefined : usageOf(volume);
    if (usage === undefined || volume.mappedBytes === undefined) return undefined;
    const { usedBytes, mappedBytes: then = volume.mappedBytes } = usage;
    return Math.max(0, Math.min(volume.mappedBytes, then) - usedBytes);
  };
}
