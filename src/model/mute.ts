/** Findings that the operator does not want to hear of until a day. */
export interface Mute {
  readonly code: string;
  /** A pattern of pool names; absent: every finding of the code, with a pool or without. */
  readonly pool?: string;
  /** The last day, as it was written: `2027-01-31`. */
  readonly until: string;
  /** The end of that day in UTC, Unix ms. */
  readonly endsAt: number;
  readonly reason: string;
  /** `FILE:LINE` */
  readonly where: string;
}
