import { hoursStages, recordedWindows } from '../../src/rules/stages.ts';
import { downAlert, reactionAlerts, watchdog } from './absence-rules.ts';
import { accessAlerts } from './access-rules.ts';
import { findingRules } from './finding-rules.ts';
import { autoextendRecords, burstRecords, fleetRecords, growthRecords, spaceRecords } from './records.ts';
import type { Group } from './rule.ts';
import { stageAlerts } from './stage-rules.ts';

/** All rules. The alerts of a group use records of the same group, or of one that is evaluated at least as often. */
export const groups: readonly Group[] = [
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
    alerts: [...stageAlerts(hoursStages), downAlert, ...accessAlerts, watchdog],
  },
  { name: 'thinpool-later', interval: 300, records: burstRecords, alerts: reactionAlerts },
  { name: 'thinpool-fleet', interval: 60, records: fleetRecords, alerts: [] },
];
