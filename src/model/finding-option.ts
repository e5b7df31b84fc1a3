import type { Severity } from './finding.ts';

/** What the operator has set for findings of one code: an entry of the option `findings`. */
interface Entry {
  readonly code: string;
  /** A pattern of pool names; absent: every finding of the code, with a pool or without. */
  readonly pool?: string;
  readonly reason: string;
  /** `FILE:LINE` */
  readonly where: string;
}

/** Findings that raise no alert until a day. */
export interface Mute extends Entry {
  readonly severity: 'muted';
  /** The last day, as it was written: `2027-01-31`. */
  readonly until: string;
  /** The end of that day in UTC, Unix ms. */
  readonly endsAt: number;
}

/** Findings of another severity than that of their rule. */
export interface SeverityOverride extends Entry {
  readonly severity: Severity;
  /** As in `Mute`; absent: it has no end. */
  readonly until?: string;
  readonly endsAt?: number;
}

export type FindingOption = Mute | SeverityOverride;
