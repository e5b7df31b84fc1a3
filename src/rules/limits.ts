import type { Severity } from '../model/finding.ts';
import { secondMs } from '../model/units.ts';
import { thresholds } from './thresholds.ts';

/** The thresholds of findings that an operator can set. */
export interface Limits {
  /** Share used from which a pool is nearly full: a warning. */
  readonly warningRatio: number;
  /** Share used from which it is critical. Absent: by the share and the bytes that are left. */
  readonly criticalRatio?: number;
  /** Severity of LVM refusing new volumes. */
  readonly lvmRefusal: Severity;
  /** Time left at which a pool that fills up is critical, ms. */
  readonly runsOutMs: number;
}

export const defaultLimits: Limits = {
  warningRatio: 1 - thresholds.nearlyFullLeft.value,
  lvmRefusal: 'warning',
  runsOutMs: thresholds.minutesHorizon.value * secondMs,
};
