import type { Severity, Target } from '../model/finding.ts';
import type { Resource } from '../model/pool.ts';

/** The job of prometheus.example.yml. */
export const usualJob = 'thinpool';

/** What distinguishes alerts of one name about one pool. */
export interface Kind {
  /** Absent for an alert that always fires. */
  readonly severity?: Severity;
  readonly resource?: Resource;
  readonly target?: Target;
}

/** The labels that a rule adds to its alert. */
export function labelsOf({ severity, resource, target }: Kind): Record<string, string> {
  return {
    severity: severity ?? 'none',
    ...(severity === 'critical' && { page: 'true' }),
    ...(resource && { resource }),
    ...(target && { target }),
  };
}
