/** One point of a pool's history. */
export interface TrendPoint {
  /** Unix time in ms at which the status was read. */
  readonly at: number;
  readonly usedBytes: number;
  readonly sizeBytes: number;
  /** Nothing was known for a while before it: no line leads here from the point before. */
  readonly afterGap?: true;
}

/** How the data or the metadata of a pool fared lately. What is not known well enough is absent. */
export interface SpaceTrend {
  /** Oldest first, fine at the new end, coarse at the old. */
  readonly points: readonly TrendPoint[];
  /** Growth of what is used, now; negative while shrinking. */
  readonly bytesPerSecond?: number;
  /** Until the floor at this growth; 0 below it. Only while growing. */
  readonly secondsToFloor?: number;
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

/** The volumes of a pool that grew between two readings. */
export interface VolumesGrown {
  /** Between the readings. */
  readonly overMs: number;
  /** Fastest first, a few; none where none grew. */
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
