import { hoursStages, recordedWindows } from '../../rules/stages.ts';
import { usualJob } from '../labels.ts';
import { downAlert, reactionAlerts, skewAlert, watchdog } from './absence-rules.ts';
import { accessAlerts } from './access-rules.ts';
import { findingRules } from './finding-rules.ts';
import { autoextendRecords, burstRecords, fleetRecords, growthRecords, spaceRecords } from './records.ts';
import type { Group } from './rule.ts';
import { stageAlerts } from './stage-rules.ts';

/** All rules, for exporters that are scraped under this job. The alerts of a group use records of the same group, or of one that is evaluated at least as often. */
export function groupsFor(job: string): readonly Group[] {
  return [
    { name: 'thinpool-growth', interval: 15, records: growthRecords(recordedWindows), alerts: [] },
    {
      name: 'thinpool-now',
      interval: 5,
      records: [...spaceRecords, ...autoextendRecords],
      alerts: findingRules(),
    },
    {
      name: 'thinpool-soon',
      interval: 15,
      records: [],
      alerts: [...stageAlerts(hoursStages), downAlert(job), skewAlert, ...accessAlerts, watchdog],
    },
    { name: 'thinpool-later', interval: 300, records: burstRecords, alerts: reactionAlerts },
    { name: 'thinpool-fleet', interval: 60, records: fleetRecords, alerts: [] },
  ];
}

/** All rules, for the job of prometheus.example.yml. */
export const groups: readonly Group[] = groupsFor(usualJob);
