import { fastStages, fastWindows, slowStages, slowWindows } from '../../src/alerting/stages.ts';
import { accessAlerts } from './access-rules.ts';
import { downAlert, reactionAlerts, watchdog } from './blind-rules.ts';
import { findingRules } from './finding-rules.ts';
import { levelAlerts, stageAlerts } from './ladder.ts';
import { autoextendRecords, burstRecords, fleetRecords, growthRecords, spaceRecords } from './records.ts';
import type { Group } from './rule.ts';

/** All rules. What a group's alerts need is recorded in it, or in one that is no slower than they are. */
export const groups: readonly Group[] = [
  { name: 'thinpool-growth', interval: 15, records: growthRecords(slowWindows), alerts: [] },
  {
    name: 'thinpool-now',
    interval: 5,
    records: [...spaceRecords, ...autoextendRecords, ...growthRecords(fastWindows)],
    alerts: [...findingRules(), ...stageAlerts(fastStages)],
  },
  {
    name: 'thinpool-soon',
    interval: 15,
    records: [],
    alerts: [...stageAlerts(slowStages), ...levelAlerts, downAlert, ...accessAlerts, watchdog],
  },
  { name: 'thinpool-later', interval: 300, records: burstRecords, alerts: reactionAlerts },
  { name: 'thinpool-fleet', interval: 60, records: fleetRecords, alerts: [] },
];
