import { usualJob } from '../../src/alerting/labels.ts';
import type { AlertName } from '../../src/alerting/names.ts';
import { thresholds } from '../../src/alerting/thresholds.ts';
import { resources } from '../../src/model/pool.ts';
import { joined, range } from './promql.ts';
import type { Alert } from './rule.ts';

const minute = 60;

const now = range('findingMemory');
const lately = range('vanishedAfter');
const withoutVersion = (series: string): string => `group without (version, nodeversion) (${series})`;

/** What is not there cannot say so. */
export const downAlert: Alert = {
  alert: 'ThinPoolExporterDown',
  // The second is for targets that went together with their series, and for exporters under another job.
  expr: joined('or', [
    `max_over_time(up{job="${usualJob}"}[${now}]) == 0`,
    `(
  ${withoutVersion(`last_over_time(thinpool_exporter_build_info[${lately}])`)}
  unless
  ${withoutVersion(`last_over_time(thinpool_exporter_build_info[${now}])`)}
)`,
    `absent(last_over_time(thinpool_exporter_build_info[${lately}]))`,
  ]),
  for: minute,
  keepFiringFor: 2 * minute,
  severity: 'critical',
  summary:
    '{{ with $labels.instance }}The exporter on {{ . }} does not answer{{ else }}There is no exporter of thin pools{{ end }}',
  description:
    '{{ with $labels.instance }}No scrape of {{ . }} has worked for two minutes{{ else }}Prometheus has seen none for an hour{{ end }}: the thin pools are not watched.',
};

/** What a finding cannot tell of the same, because it is about what is not there any more. */
export const besides: Readonly<Partial<Record<AlertName, string>>> = {
  // A file that nobody writes any more (textfile collector) looks as it did.
  ThinPoolBlind: `time() - thinpool_status_timestamp_seconds > ${thresholds.tooOld.value}`,
  // An exporter that was started after the pool had gone does not know of it.
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
  for: 15 * minute,
  keepFiringFor: 15 * minute,
  severity: 'info',
  resource,
  target: 'full',
  summary: `Pool {{ $labels.pool }} on {{ $labels.instance }} would be full before anybody can act`,
  description: `At the fastest growth of the last week, the ${resource} that is left is gone in {{ $value | humanizeDuration }}. Only what acts by itself helps: autoextend with room in the VG, quotas, throttling.`,
}));

export const watchdog: Alert = {
  alert: 'ThinPoolWatchdog',
  expr: 'vector(1)',
  summary: 'Alerts arrive',
  description: 'Always fires. Whoever expects it raises the alarm when it stays away.',
};
