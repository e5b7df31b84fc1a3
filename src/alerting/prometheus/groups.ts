import type { Severity } from '../../model/finding.ts';
import { hoursStages, recordedWindows } from '../../rules/stages.ts';
import { usualJob } from '../labels.ts';
import { downAlert, reactionAlerts, skewAlert, watchdog } from './absence-rules.ts';
import { accessAlerts } from './access-rules.ts';
import { findingRules } from './finding-rules.ts';
import { recordedEvery } from './promql.ts';
import {
  autoextendRecords,
  burstRecords,
  fleetRecords,
  growthRecords,
  minuteRecords,
  spaceRecords,
} from './records.ts';
import type { Group } from './rule.ts';
import { stageAlerts } from './stage-rules.ts';

/** All rules, for exporters that are scraped under this job. What a group pages for at once is in one that is evaluated often; what takes minutes or hours is not. No group looks back further than minutes over what was scraped: it reads what `minuteRecords` recorded. */
export function groupsFor(job: string): readonly Group[] {
  return [
    {
      name: 'thinpool-hours',
      interval: recordedEvery,
      records: [...minuteRecords, ...spaceRecords, ...autoextendRecords, ...growthRecords(recordedWindows)],
      alerts: stageAlerts(hoursStages),
    },
    { name: 'thinpool-now', interval: 5, records: [], alerts: findingRules(isPaging) },
    {
      name: 'thinpool-soon',
      interval: 15,
      records: [],
      alerts: [
        ...findingRules((severity) => !isPaging(severity)),
        downAlert(job),
        skewAlert,
        ...accessAlerts,
        watchdog,
      ],
    },
    { name: 'thinpool-later', interval: 300, records: burstRecords, alerts: reactionAlerts },
    { name: 'thinpool-fleet', interval: 60, records: fleetRecords, alerts: [] },
  ];
}

const isPaging = (severity: Severity): boolean => severity === 'critical';

/** All rules, for the job of prometheus.example.yml. */
export const groups: readonly Group[] = groupsFor(usualJob);
