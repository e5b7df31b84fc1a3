import type { AlertName, FindingAlertName } from '../model/alert-name.ts';
import type { Target } from '../model/finding.ts';
import type { RaisedAlert, TargetLabels } from './alert.ts';
import { alerts } from './names.ts';

/** Alerts about a pool that others explain where these are critical: one cause pages once. */
export interface Relation {
  readonly because: string;
  readonly by: readonly AlertName[];
  readonly explained: readonly AlertName[];
  /** Labels that both have, with the same values. */
  readonly same: readonly ('pool' | 'resource' | 'target')[];
  /** Of the explained alert, where only one target is meant. */
  readonly target?: Target;
}

const predictions = ['ThinPoolRunsOutInMinutes', 'ThinPoolRunsOutInHours', 'ThinPoolNearlyFull'] as const;
const autoextend = ['ThinPoolAutoextendNoRoom', 'ThinPoolAutoextendIdle'] as const;
const aboutSpace = [
  ...predictions,
  ...autoextend,
  ...(['ThinPoolBelowMinimumFree', 'ThinPoolLvmRefusesVolumes', 'ThinPoolNoTimeToReact'] as const),
] as const;

/** What explains what. The inhibition rules of Alertmanager and `explanations` are made from it. */
export const relations: readonly Relation[] = [
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
    explained: predictions,
    same: ['pool', 'resource'],
    target: 'minimum_free',
  },
  {
    because: 'minutes left say more than hours left, or nearly full',
    by: ['ThinPoolRunsOutInMinutes'],
    explained: ['ThinPoolRunsOutInHours', 'ThinPoolNearlyFull'],
    same: ['pool', 'resource', 'target'],
  },
  {
    because: 'hours left say more than nearly full',
    by: ['ThinPoolRunsOutInHours'],
    explained: ['ThinPoolNearlyFull'],
    same: ['pool', 'resource', 'target'],
  },
  {
    because: 'space that is about to run out is the cause, and what LVM cannot do about it a detail',
    by: ['ThinPoolRunsOutInMinutes', 'ThinPoolNearlyFull'],
    explained: [...autoextend, 'ThinPoolLvmRefusesVolumes', 'ThinPoolMetadataTooSmall'],
    same: ['pool', 'resource'],
  },
];

/** A relation between alerts on findings. */
export interface Explanation extends Relation {
  readonly by: readonly FindingAlertName[];
  readonly explained: readonly FindingAlertName[];
}

/**
 * What does not begin to fire while something worse of the same pool pages. Alertmanager inhibits the same, but pages are sent at once:
 * of two alerts that begin at the same moment, both may be sent before one inhibits the other. A pool that jumps to full is
 * such a case: between two evaluations of the rules it runs out of space, and is full.
 */
export const explanations: readonly Explanation[] = relations
  .map((relation) => ({
    ...relation,
    by: relation.by.filter(isOnFindings),
    explained: relation.explained.filter(isOnFindings),
  }))
  .filter(({ by }) => by.length > 0);

function isOnFindings(name: AlertName): name is FindingAlertName {
  return 'summary' in alerts[name];
}

interface Labelled {
  readonly labels: TargetLabels;
}

/** Those of the critical alerts that no other one of them explains, and those that were sent before. */
export function withoutExplained(
  raised: readonly RaisedAlert[],
  wasSent: (alert: RaisedAlert) => boolean,
): readonly RaisedAlert[] {
  return raised.filter((alert) => wasSent(alert) || !raised.some((other) => explains(other, alert)));
}

/**
 * Whether a critical one of the alerts says more than this one, of whatever severity: what the inhibition rules of
 * Alertmanager do, for a notification without Alertmanager.
 */
export function isExplained(alert: Labelled, raised: readonly RaisedAlert[]): boolean {
  return raised.some(
    (other) =>
      other.labels['severity'] === 'critical' && (explains(other, alert) || isSameButWorse(other, alert)),
  );
}

function isSameButWorse({ labels: loud }: Labelled, { labels: quiet }: Labelled): boolean {
  return (
    quiet['severity'] !== 'critical' &&
    loud['pool'] !== undefined &&
    (['alertname', 'pool', 'resource'] as const).every((label) => loud[label] === quiet[label])
  );
}

function explains({ labels: loud }: Labelled, { labels: quiet }: Labelled): boolean {
  return explanations.some(
    ({ by, explained, same, target }) =>
      by.some((name) => name === loud['alertname']) &&
      explained.some((name) => name === quiet['alertname']) &&
      (target === undefined || quiet['target'] === target) &&
      same.every((label) => loud[label] !== undefined && loud[label] === quiet[label]),
  );
}
