import { usualJob } from '../../src/alerting/labels.ts';
import { alerts } from '../../src/alerting/names.ts';
import type { AlertName } from '../../src/model/alert-name.ts';
import { resources } from '../../src/model/pool.ts';
import { minuteSeconds } from '../../src/model/units.ts';
import { thresholds } from '../../src/rules/thresholds.ts';
import { joined, range } from './promql.ts';
import type { Alert } from './rule.ts';

const now = range('findingMemory');
const lately = range('vanishedAfter');
const withoutVersion = (series: string): string => `group without (version, nodeversion) (${series})`;

/** Cannot come from the exporter itself. */
export const downAlert: Alert = {
  alert: 'ThinPoolExporterDown',
  // The second is for targets that were removed together with their series, and for exporters under another job.
  expr: joined('or', [
    `max_over_time(up{job="${usualJob}"}[${now}]) == 0`,
    `(
  ${withoutVersion(`last_over_time(thinpool_exporter_build_info[${lately}])`)}
  unless
  ${withoutVersion(`last_over_time(thinpool_exporter_build_info[${now}])`)}
)`,
    `absent(last_over_time(thinpool_exporter_build_info[${lately}]))`,
  ]),
  for: minuteSeconds,
  keepFiringFor: 2 * minuteSeconds,
  severity: 'critical',
  summary:
    '{{ with $labels.instance }}Exporter on {{ . }} is down{{ else }}No thin pool exporter is running{{ end }}',
  description:
    '{{ with $labels.instance }}No scrape of {{ . }} has succeeded for two minutes{{ else }}Prometheus has scraped none for an hour{{ end }}: thin pools are not monitored.',
};

/** Conditions that a finding cannot report, because its exporter or its pool is gone. */
export const besides: Readonly<Partial<Record<AlertName, string>>> = {
  // A file of the textfile collector that is no longer written keeps its values.
  ThinPoolBlind: `time() - thinpool_status_timestamp_seconds > ${thresholds.tooOld.value}`,
  // An exporter that started after the pool had gone does not know of it.
  ThinPoolVanished: `(
  last_over_time(thinpool_up[${lately}])
  unless
  last_over_time(thinpool_up[${now}])
)
and ignoring (pool) ${withoutVersion('thinpool_exporter_build_info')}`,
};

export const reactionAlerts: readonly Alert[] = resources.map((resource) => ({
  alert: 'ThinPoolNoTimeToReact',
  expr: `thinpool:left_bytes{resource="${resource}",target="full"}
  / ignoring (target, window) thinpool:growth_bytes_per_second:max < ${thresholds.reactionTime.value}`,
  for: 15 * minuteSeconds,
  keepFiringFor: 15 * minuteSeconds,
  severity: 'info',
  resource,
  target: 'full',
  summary: `Pool {{ $labels.pool }} on {{ $labels.instance }} could run out of ${resource} space before anyone can react`,
  description: `At the peak growth rate of the last week, the ${resource} space left would be used up in {{ $value | humanizeDuration }}. Only automatic measures are fast enough: autoextend with free space in the VG, quotas, or throttling.`,
}));

export const watchdog: Alert = {
  alert: 'ThinPoolWatchdog',
  expr: 'vector(1)',
  summary: 'Alerts are delivered',
  description: alerts.ThinPoolWatchdog.meaning,
};
