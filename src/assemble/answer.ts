import type { Fragment } from '../model/facts.ts';
import type { ReadTimes } from '../model/pool.ts';

/** What the latest good reading of one question found, and until when it may be believed. */
export interface Answer {
  readonly source: string;
  readonly key: string;
  readonly fragment: Fragment;
  /** Start of the reading, Unix ms. */
  readonly takenAt: number;
  /** Its end; absent: it took no time. */
  readonly finishedAt?: number;
  /** The only VG that the question was about; absent: it was about the whole host. */
  readonly vg?: string;
  readonly expiresAt: number;
  /** Kept past `expiresAt`, because it names what there is. */
  readonly namesThings: boolean;
}

export function timesOf({ takenAt, finishedAt, expiresAt }: Answer): ReadTimes {
  return { startedAt: takenAt, finishedAt: finishedAt ?? takenAt, expiresAt };
}

/** Within its age limit. An answer from the future is of a clock that has been set back: its age is unknown. */
export function isCurrent({ takenAt, expiresAt }: Answer, now: number): boolean {
  return takenAt <= now && now < expiresAt;
}
