import type { AlertName } from '../../model/alert-name.ts';
import { resources } from '../../model/pool.ts';
import { minuteSeconds } from '../../model/units.ts';
import { thresholds } from '../../rules/thresholds.ts';
import { alerts } from '../names.ts';
import { joined, range, recordedRange } from './promql.ts';
import type { Alert } from './rule.ts';

const now = range('findingMemory');
const lately = recordedRange('vanishedAfter');
const withoutVersion = (series: string): string => `group without (version, nodeversion) (${series})`;

/**
 * Cannot come from the exporter itself. Only of hosts that were there: a server that has no exporter, such as the ruler of another
 * tenant, must not page for that.
 */
export const downAlert = (job: string): Alert => ({
  alert: 'ThinPoolExporterDown',
  // The second is for targets that were removed together with their series, and for exporters under another job.
  expr: joined('or', [
    `max_over_time(up{job="${job}"}[${now}]) == 0`,
    `(
  ${withoutVersion(`last_over_time(thinpool:exporter_seen[${lately}])`)}
  unless
  ${withoutVersion(`last_over_time(thinpool_exporter_build_info[${now}])`)}
)`,
  ]),
  for: minuteSeconds,
  keepFiringFor: 2 * minuteSeconds,
  severity: 'critical',
  summary: 'Exporter on {{ $labels.instance }} is down',
  description:
    'No scrape of {{ $labels.instance }} has succeeded for two minutes: thin pools are not monitored.',
});

const clock = 'thinpool_exporter_clock_timestamp_seconds';
const status = 'thinpool_status_timestamp_seconds';
const tooOld = range('tooOld');
// A file of the textfile collector that is no longer written keeps all of its values, the clock included.
const stoodStill = (series: string): string => `${series} == (${series} offset ${tooOld})`;

/** Conditions that a finding cannot report, because its exporter or its pool is gone. */
export const besides: Readonly<Partial<Record<AlertName, string>>> = {
  // Compares no timestamp with Prometheus' clock: the clock of the host may be wrong by any amount. A file that is no
  // longer written is one alert for the host, not one for each pool.
  ThinPoolBlind: joined('or', [
    stoodStill(clock),
    `(
  ${stoodStill(status)}
  unless ignoring (pool)
  ${stoodStill(clock)}
)`,
  ]),
  // An exporter that started after the pool had gone does not know of it.
  ThinPoolVanished: `(
  last_over_time(thinpool:pool_seen[${lately}])
  unless
  last_over_time(thinpool_up[${now}])
)
and ignoring (pool) ${withoutVersion('thinpool_exporter_build_info')}`,
};

/**
 * Only Prometheus knows both clocks. `timestamp` is when a scrape began, so a slow scrape differs by its duration at most.
 * The age of a file of the textfile collector goes up and down: it does not exceed the threshold for ten minutes on end,
 * unless the file is no longer written.
 */
export const skewAlert: Alert = {
  alert: 'ThinPoolClockSkew',
  expr: `(
  timestamp(${clock}) - ${clock} > ${thresholds.clockSkew.value}
  or
  timestamp(${clock}) - ${clock} < -${thresholds.clockSkew.value}
)
unless
${stoodStill(clock)}`,
  for: 10 * minuteSeconds,
  keepFiringFor: 5 * minuteSeconds,
  severity: 'warning',
  summary:
    'The clock of {{ $labels.instance }} is {{ printf "abs(vector(%f))" $value | query | first | value | humanizeDuration }} {{ if gt $value 0.0 }}behind{{ else }}ahead of{{ end }} Prometheus',
  description:
    'Times in findings, logs and dashboards are wrong by as much, and Alertmanager may ignore what this exporter sends directly. Check time synchronization on both: `timedatectl`, `chronyc tracking`.',
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
