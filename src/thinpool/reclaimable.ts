import type { VolumeUsage } from '../model/facts.ts';
import type { Volume } from '../model/pool.ts';
import { byVolume } from './by-volume.ts';

/** What trimming a volume would free. */
export interface Reclaimable {
  /** At most: what the volume maps beyond what its file system uses. */
  readonly mostBytes: number;
  /** The same without what the file system may have mapped for its own tables and its journal, which no trim frees. */
  readonly likelyBytes: number;
}

/** Undefined if it is not known. */
export type ReclaimableOf = (volume: Volume) => Reclaimable | undefined;

/**
 * The file system is read rarely: what its volume mapped since then may be in use, and what it maps no more was trimmed.
 */
export function reclaimableIn(usages: readonly VolumeUsage[]): ReclaimableOf {
  const usageOf = byVolume(usages);
  return (volume) => {
    const usage = volume.mappedBytes === undefined ? undefined : usageOf(volume);
    if (usage === undefined || volume.mappedBytes === undefined) return undefined;
    const { usedBytes, sizeBytes, mappedBytes: then = volume.mappedBytes } = usage;
    const mostBytes = Math.max(0, Math.min(volume.mappedBytes, then) - usedBytes);
    const ownBytes = Math.max(0, volume.sizeBytes - sizeBytes);
    return { mostBytes, likelyBytes: Math.max(0, mostBytes - ownBytes) };
  };
}
