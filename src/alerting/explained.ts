import type { FindingAlertName } from '../model/alert-name.ts';
import type { Target } from '../model/finding.ts';
import type { RaisedAlert } from './alert.ts';

/** An alert about a pool that another one explains: one cause pages once. */
export interface Explanation {
  readonly because: string;
  readonly by: readonly FindingAlertName[];
  readonly explained: readonly FindingAlertName[];
  /** Labels that both have, with the same values. */
  readonly same: readonly ('pool' | 'resource' | 'target')[];
  /** Of the explained alert, where only one target is meant. */
  readonly target?: Target;
}

const aboutSpace = [
  'ThinPoolRunsOutInMinutes',
  'ThinPoolNearlyFull',
  'ThinPoolAutoextendNoRoom',
  'ThinPoolBelowMinimumFree',
  'ThinPoolLvmRefusesVolumes',
] as const satisfies FindingAlertName[];

/**
 * What does not begin to fire while something worse of the same pool pages. Alertmanager inhibits the same, but pages are sent at once:
 * of two alerts that begin at the same moment, both may be sent before one inhibits the other. A pool that jumps to full is
 * such a case: between two evaluations of the rules it runs out of space, and is full.
 */
export const explanations: readonly Explanation[] = [
  {
    because: 'space is not the problem of a broken pool',
    by: ['ThinPoolFailed', 'ThinPoolNeedsCheck', 'ThinPoolReadOnly'],
    explained: aboutSpace,
    same: ['pool'],
  },
  {
    because: 'a full pool no longer runs out of space',
    by: ['ThinPoolFull'],
    explained: aboutSpace,
    same: ['pool', 'resource'],
  },
  {
    because: 'free space already below its minimum no longer approaches it',
    by: ['ThinPoolBelowMinimumFree'],
    explained: ['ThinPoolRunsOutInMinutes', 'ThinPoolNearlyFull'],
    same: ['pool', 'resource'],
    target: 'minimum_free',
  },
  {
    because: 'minutes left say more than nearly full',
    by: ['ThinPoolRunsOutInMinutes'],
    explained: ['ThinPoolNearlyFull'],
    same: ['pool', 'resource', 'target'],
  },
  {
    because: 'space that is about to run out is the cause, and what LVM cannot do about it a detail',
    by: ['ThinPoolRunsOutInMinutes', 'ThinPoolNearlyFull'],
    explained: ['ThinPoolAutoextendNoRoom', 'ThinPoolLvmRefusesVolumes'],
    same: ['pool', 'resource'],
  },
];

/** Those of the critical alerts that no other one of them explains, and those that were sent before. */
export function withoutExplained(
  raised: readonly RaisedAlert[],
  wasSent: (alert: RaisedAlert) => boolean,
): readonly RaisedAlert[] {
  return raised.filter((alert) => wasSent(alert) || !raised.some((other) => explains(other, alert)));
}

function explains({ labels: loud }: RaisedAlert, { labels: quiet }: RaisedAlert): boolean {
  return explanations.some(
    ({ by, explained, same, target }) =>
      by.some((name) => name === loud.alertname) &&
      explained.some((name) => name === quiet.alertname) &&
      (target === undefined || quiet['target'] === target) &&
      same.every((label) => loud[label] !== undefined && loud[label] === quiet[label]),
  );
}
