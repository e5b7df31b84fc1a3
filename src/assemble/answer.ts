import type { Fragment } from '../model/facts.ts';

/** The facts of the latest success of one query, and when they expire. */
export interface Answer {
  readonly source: string;
  readonly key: string;
  readonly fragment: Fragment;
  /** Start of the query, Unix ms. */
  readonly takenAt: number;
  readonly expiresAt: number;
  /** Kept past `expiresAt`, because its collector discovers devices. */
  readonly namesThings: boolean;
}

/** Whether it is within its age limit. If `takenAt` is in the future, the clock was set back and the age is unknown. */
export function isCurrent({ takenAt, expiresAt }: Answer, now: number): boolean {
  return takenAt <= now && now < expiresAt;
}
