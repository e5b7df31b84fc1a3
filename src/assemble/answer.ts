import type { Fragment } from '../model/facts.ts';

/** What the latest good reading of one question found, and until when it may be believed. */
export interface Answer {
  readonly source: string;
  readonly key: string;
  readonly fragment: Fragment;
  /** Start of the reading, Unix ms. */
  readonly takenAt: number;
  readonly expiresAt: number;
  /** Kept past `expiresAt`, because it names what there is. */
  readonly namesThings: boolean;
}

/** Within its age limit. An answer from the future is of a clock that has been set back: its age is unknown. */
export function isCurrent({ takenAt, expiresAt }: Answer, now: number): boolean {
  return takenAt <= now && now < expiresAt;
}
