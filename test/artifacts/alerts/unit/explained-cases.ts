import { explanations } from '../../../../src/alerting/explained.ts';
import { findingAlerts } from '../../../../src/alerting/finding-alerts.ts';
import type { FindingAlertName } from '../../../../src/model/alert-name.ts';
import { type Case, type Labels, poolOf, type Series, type Stretch } from './case.ts';

const interval = 5;
const samples = 24;

/** A critical finding that raises this alert, as it is scraped. */
function critical(
  alert: FindingAlertName,
  labels: Labels,
  values: readonly Stretch[] = [[1, samples]],
): Series {
  const codes = findingAlerts.find((one) => one.alert === alert && one.severity === 'critical')?.codes ?? [];
  return {
    metric: 'thinpool_finding',
    labels: { ...labels, code: codes[0] ?? '', severity: 'critical' },
    values,
  };
}

/** Alerts that begin at the same moment as one that explains them, or not. */
export function explainedCases(): Case[] {
  return explanations.flatMap(({ by, explained, same, target = 'full' }) =>
    by.flatMap((worse) =>
      explained.flatMap((about) => {
        const own: Labels = { ...poolOf, resource: 'data', target };
        const others: Readonly<Record<string, Labels>> = {
          pool: { ...own, pool: 'other' },
          resource: { ...own, resource: 'metadata' },
          target: { ...own, target: 'minimum_free' },
          cluster: { ...own, cluster: 'other' },
        };
        const fires = [{ ...own, severity: 'critical', page: 'true' }];
        const story = (what: string, series: readonly Series[], checks: Case['checks']): Case => ({
          what: `${about} with ${worse}: ${what}`,
          about,
          of: { severity: 'critical' },
          interval,
          series,
          checks,
        });
        const loud = target === 'minimum_free' ? { ...own, target: '' } : own;
        return [
          story(
            'does not page for the same',
            [critical(about, own), critical(worse, loud)],
            [
              { at: 0, fires: [] },
              { at: interval * samples, fires: [] },
            ],
          ),
          story(
            'does not page between two evaluations before it',
            [critical(about, own, [[1, 1]]), critical(worse, loud, [[1, samples]])],
            [{ at: interval, fires: [] }],
          ),
          story(
            'goes on after it has paged',
            [
              critical(about, own),
              critical(worse, loud, [
                [null, 4],
                [1, samples],
              ]),
            ],
            [
              { at: 3 * interval, fires },
              { at: 8 * interval, fires },
            ],
          ),
          ...[...same, 'cluster'].map((label) =>
            story(
              `pages beside that of another ${label}`,
              [critical(about, own), critical(worse, others[label] ?? {})],
              [{ at: interval, fires }],
            ),
          ),
        ];
      }),
    ),
  );
}
