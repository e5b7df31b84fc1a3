import type { PartialFacts } from '../model/facts.ts';
import type { ReadTimes } from '../model/pool.ts';

/** The facts of the latest success of one query, and when they expire. */
export interface CachedFacts {
  readonly collector: string;
  readonly key: string;
  readonly facts: PartialFacts;
  /** Start of the query, Unix ms. */
  readonly takenAt: number;
  /** Its end; absent: it took no time. */
  readonly finishedAt?: number;
  /** The only VG that the query was about; absent: it was about the whole host. */
  readonly vg?: string;
  readonly expiresAt: number;
  /** Kept past `expiresAt`, because its collector discovers devices. */
  readonly discovers: boolean;
}

export function timesOf({ takenAt, finishedAt, expiresAt }: CachedFacts): ReadTimes {
  return { startedAt: takenAt, finishedAt: finishedAt ?? takenAt, expiresAt };
}

/** Whether it is within its age limit. If `takenAt` is in the future, the clock was set back and the age is unknown. */
export function isCurrent({ takenAt, expiresAt }: CachedFacts, now: number): boolean {
  return takenAt <= now && now < expiresAt;
}
