/** One point of a pool's history. */
export interface TrendPoint {
  /** Unix time in ms at which the status was read. */
  readonly at: number;
  readonly usedBytes: number;
  readonly sizeBytes: number;
  /** Nothing was known for a while before it: no line from the previous point. */
  readonly afterGap?: true;
}

/** The recent trend of the data or metadata of a pool. Values not known well enough are absent. */
export interface SpaceTrend {
  /** Oldest first, fine at the new end, coarse at the old. */
  readonly points: readonly TrendPoint[];
  /** Current growth of used space; negative while shrinking. */
  readonly bytesPerSecond?: number;
  /** Until minimum free at this growth; 0 below it. Only while growing. */
  readonly secondsToMinimumFree?: number;
  /** Until nothing is available at this growth. Only while growing. */
  readonly secondsToFull?: number;
  /** The time that `bytesPerSecond` was measured over. */
  readonly overMs?: number;
}

export interface VolumeGrowth {
  readonly volume: string;
  readonly bytesPerSecond: number;
  readonly mappedBytes: number;
}

/** The volumes of a pool that grew between two reads. */
export interface VolumesGrown {
  /** Time between the reads. */
  readonly overMs: number;
  /** Fastest first, a few; empty if none grew. */
  readonly fastest: readonly VolumeGrowth[];
}

export interface PoolTrend {
  /** As `Pool.name`. */
  readonly pool: string;
  readonly data?: SpaceTrend;
  readonly metadata?: SpaceTrend;
  /** The volumes that grow, fastest first, a few. */
  readonly fastest: readonly VolumeGrowth[];
}
