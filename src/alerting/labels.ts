import type { Severity } from '../model/finding.ts';
import type { Resource } from '../model/pool.ts';
import type { Target } from './stages.ts';

/** The job of prometheus.example.yml. */
export const usualJob = 'thinpool';

/** What an alert is told by beside its name and what it is about. */
export interface Kind {
  /** None for what always fires. */
  readonly severity?: Severity;
  readonly resource?: Resource;
  readonly target?: Target;
}

/** The labels that a rule gives to its alert. */
export function labelsOf({ severity, resource, target }: Kind): Record<string, string> {
  return {
    severity: severity ?? 'none',
    ...(severity === 'critical' && { page: 'true' }),
    ...(resource && { resource }),
    ...(target && { target }),
  };
}
