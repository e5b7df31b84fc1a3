import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { clusters, collectors, hosts } from './choices.ts';
import { anyIs, plain, words } from './colours.ts';
import { toExporter, uids } from './links.ts';
import { clusterColumn, lines, stat, states, table } from './panel.ts';
import { age, many, ofHost, orZero } from './promql.ts';
import { silentHosts } from './silence.ts';
import { counted, units } from './units.ts';

const build = ofHost(many, 'thinpool_exporter_build_info');
const chosen = 'collector=~"$collector"';
const collector = (metric: string, more?: string): string =>
  `max by (cluster, instance, collector) (${ofHost(many, metric, more === undefined ? chosen : `${chosen},${more}`)})`;
/** Other programs export these metrics too. */
const own = (expr: string): string =>
  `max by (cluster, instance) (${expr} and on (cluster, instance, job) ${build})`;
const process = (metric: string): string => own(ofHost(many, metric));
const lateness = `histogram_quantile(0.99, sum by (cluster, instance, le) (rate(${ofHost(many, 'thinpool_exporter_event_loop_lag_seconds_bucket')}[$__rate_interval])))`;
const each = '{{collector}} on {{instance}}';
/** 0 only if an exporter responds: what is not 0 is exported only while it is not. */
const sumOf = (expr: string): string => orZero(`sum(${expr})`, `count(${build})`);
const failed = ofHost(many, 'thinpool_collector_failures_total', chosen);
/** A counter begins with the first failure, which `increase` does not see. */
const failures = `sum by (cluster, instance, collector, reason) (increase(${failed}[$__rate_interval]) > 0 or (${failed} unless ${failed} offset $__rate_interval))`;
/** One line at 0 for a host, and not one for each collector and reason. */
const noFailures = Object.entries({ collector: 'all collectors', reason: 'no failures' }).reduce(
  (expr, [label, value]) => `label_replace(${expr}, "${label}", "${value}", "", "")`,
  `0 * max by (cluster, instance) (${build})`,
);

const collectorStates = [
  ['ok', 'healthy', 'green'],
  ['absent', 'not on this host', 'blue'],
  ['pending', 'not read yet', 'yellow'],
  ['blocked', 'blocked', 'orange'],
  ['failed', 'failing', 'red'],
] as const;
const collectorState = `max by (cluster, instance, collector) (${collectorStates
  .map(([status], index) =>
    status === 'ok'
      ? // The essential set has no other series for a collector that is healthy.
        `(${ofHost(many, 'thinpool_collector_up', chosen)} == 1) * ${index + 1}`
      : `(${ofHost(many, 'thinpool_collector_status', `${chosen},status="${status}"`)} == 1) * ${index + 1}`,
  )
  .join(' or ')})`;
const stateWords = words(
  Object.fromEntries(collectorStates.map(([, text, colour], index) => [index + 1, [text, colour] as const])),
);

export function exporter(): Dashboard {
  return board({
    uid: uids.exporter,
    title: 'Thin pools / Exporter',
    description: 'Collector health and resource usage of the exporters. Needs no recording rules.',
    queryOptions: [clusters, hosts, collectors],
    from: 'now-1h',
    refresh: '30s',
    sections: [
      {
        title: 'Overview',
        strips: [
          {
            height: 4,
            panels: [
              [
                4,
                stat({
                  ...counted,
                  title: 'Exporters',
                  description:
                    'Exporters that respond. If there are fewer than hosts, the fleet dashboard shows which are down.',
                  noValue: 'none',
                  thresholds: plain,
                  expr: `count(${build})`,
                }),
              ],
              [
                4,
                stat({
                  ...counted,
                  title: 'Exporters down',
                  description:
                    'Targets of the same jobs that do not respond. The pools of these hosts are not monitored: start the exporter there.',
                  noValue: 'no exporter',
                  thresholds: anyIs('red'),
                  colourOf: 'background',
                  expr: `count(${silentHosts}) or 0 * count(${build})`,
                }),
              ],
              [
                4,
                stat({
                  ...counted,
                  title: 'Unhealthy collectors',
                  description:
                    'Collectors that fail, hang or are blocked. Their data is missing: see the states below, and run thinpool-exporter doctor on the host.',
                  noValue: 'unknown',
                  thresholds: anyIs('orange'),
                  colourOf: 'background',
                  expr: `sum(1 - ${collector('thinpool_collector_up')})`,
                }),
              ],
              [
                4,
                stat({
                  ...counted,
                  title: 'Stuck commands',
                  description:
                    'Commands that are still running after their deadline, because storage is stalled or a daemon hangs. See the runbook of ThinPoolStalled, and start no LVM or Docker commands by hand.',
                  noValue: 'unknown',
                  thresholds: anyIs('red'),
                  colourOf: 'background',
                  expr: sumOf(collector('thinpool_collector_stuck_commands')),
                }),
              ],
              [
                4,
                stat({
                  ...counted,
                  title: 'Blocked collectors',
                  description:
                    'Collectors that are paused because a pool is sick, and running them could hang or do harm. They resume when the pool is healthy: find the pool in the fleet dashboard.',
                  noValue: 'unknown',
                  thresholds: anyIs('orange'),
                  expr: sumOf(collector('thinpool_collector_blocked')),
                }),
              ],
              [
                4,
                stat({
                  ...counted,
                  title: 'Volumes not exported',
                  description:
                    'Thin volumes beyond --volumes.max, which have no metrics of their own. Raise the limit if you need to see every volume.',
                  noValue: 'unknown',
                  thresholds: anyIs('yellow'),
                  expr: sumOf(
                    `max by (cluster, instance, pool) (${ofHost(many, 'thinpool_volumes_not_exported')})`,
                  ),
                }),
              ],
            ],
          },
        ],
      },
      {
        title: 'Collectors',
        strips: [
          {
            height: 9,
            panels: [
              [
                12,
                states({
                  title: 'Collector states',
                  description:
                    'State of each collector. Red: its queries fail, see the reasons below. Orange: it is blocked while a pool is sick. Blue is no problem: the tool is not on the host.',
                  unit: units.none,
                  noValue: 'No exporter responds.',
                  mappings: [stateWords],
                  rows: [{ expr: collectorState, legend: each }],
                }),
              ],
              [
                12,
                lines({
                  title: 'Data age',
                  description:
                    'Time since each collector last succeeded. A steadily rising line is a collector that no longer returns data: the exporter withdraws its values after three intervals and a timeout.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'no success yet',
                  lines: [
                    {
                      expr: age(many, collector('thinpool_collector_last_success_timestamp_seconds')),
                      legend: each,
                    },
                  ],
                }),
              ],
            ],
          },
          {
            height: 9,
            panels: [
              [
                8,
                lines({
                  title: 'Query duration',
                  description:
                    'The longest of the latest queries of each collector; 0 where all took less than a second (--metrics.set=all exports these too). Close to the timeout, storage or a daemon is slow: check the disks under the pools, then raise the timeout of the collector.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'unknown',
                  lines: [
                    {
                      expr: orZero(
                        collector('thinpool_collector_duration_seconds'),
                        collector('thinpool_collector_last_success_timestamp_seconds'),
                      ),
                      legend: each,
                    },
                  ],
                }),
              ],
              [
                8,
                lines({
                  title: 'Query failures by reason',
                  description:
                    'Failed queries per interval of the graph. Run thinpool-exporter doctor on the host: it names the missing permission or tool. Timeouts mean that storage or a daemon hangs.',
                  unit: units.none,
                  min: 0,
                  noValue: 'No exporter responds.',
                  lines: [
                    {
                      expr: `${failures} > 0 or on (cluster, instance) ${noFailures}`,
                      legend: `{{reason}}: ${each}`,
                    },
                  ],
                }),
              ],
              [
                8,
                lines({
                  title: 'Stuck command duration',
                  description:
                    'How long the oldest overdue command of each collector has been running. While it rises, storage is stalled or a daemon hangs: start no more commands of this kind.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'unknown',
                  lines: [
                    {
                      expr: orZero(
                        collector('thinpool_collector_stuck_seconds'),
                        collector('thinpool_collector_up'),
                      ),
                      legend: each,
                    },
                  ],
                }),
              ],
            ],
          },
          {
            height: 5,
            panels: [
              [
                12,
                table({
                  title: 'Versions and uptime',
                  description:
                    'Version and uptime of each exporter. If one restarted unexpectedly, its log says why it stopped. Different versions may export different metrics: update all to the same version.',
                  unit: units.none,
                  noValue: 'No exporter responds.',
                  queries: [
                    `max by (cluster, instance, version, nodeversion) (${build})`,
                    age(many, process('process_start_time_seconds')),
                  ],
                  columns: [
                    clusterColumn,
                    { from: 'instance', name: 'Host', link: toExporter },
                    { from: 'version', name: 'Version' },
                    { from: 'nodeversion', name: 'Node.js' },
                    {
                      from: 'Value #B',
                      name: 'Uptime',
                      width: 130,
                      unit: units.seconds,
                      decimals: 1,
                      min: 0,
                    },
                  ],
                  without: ['Value #A'],
                  sortBy: { name: 'Uptime', desc: false },
                }),
              ],
              [
                12,
                table({
                  title: 'Query notes',
                  description:
                    'How the exporters adapted their queries, such as whether LVM is queried for the monitoring state. To change it, see the options of the collector.',
                  unit: units.none,
                  noValue: 'No notes.',
                  queries: [
                    `max by (cluster, instance, collector, query, note) (${ofHost(many, 'thinpool_collector_note_info', chosen)})`,
                  ],
                  columns: [
                    clusterColumn,
                    { from: 'instance', name: 'Host' },
                    { from: 'collector', name: 'Collector', width: 100 },
                    { from: 'query', name: 'Query', width: 200 },
                    { from: 'note', name: 'Note' },
                  ],
                  without: ['Value'],
                  sortBy: { name: 'Host', desc: false },
                }),
              ],
            ],
          },
        ],
      },
      {
        title: 'Resource usage',
        strips: [
          {
            height: 8,
            panels: [
              [
                6,
                lines({
                  title: 'CPU',
                  description:
                    'CPU time of the exporter itself, without its commands. Above a few percent, lengthen the intervals of the collectors or lower --volumes.max. 100% is one core.',
                  unit: units.share,
                  min: 0,
                  noValue: 'unknown',
                  lines: [
                    {
                      expr: own(`rate(${ofHost(many, 'process_cpu_seconds_total')}[$__rate_interval])`),
                      legend: '{{instance}}',
                    },
                  ],
                }),
              ],
              [
                6,
                lines({
                  title: 'Memory',
                  description:
                    'Resident memory, which should stay constant. If it rises for days, capture the host (thinpool-exporter capture) and report it; until then, a restart helps.',
                  unit: units.bytes,
                  min: 0,
                  noValue: 'unknown',
                  lines: [{ expr: process('process_resident_memory_bytes'), legend: '{{instance}}' }],
                }),
              ],
              [
                6,
                lines({
                  title: 'Event loop lag',
                  description:
                    'Delay of timers, 99th percentile. Above a second, scrapes are delayed: the host is short of CPU, or has very many volumes.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'unknown',
                  lines: [{ expr: lateness, legend: '{{instance}}' }],
                }),
              ],
              [
                6,
                lines({
                  title: 'Scrape duration',
                  description:
                    'How long a scrape takes. Scrapes are served from memory, so close to the scrape timeout the host is overloaded or the network is slow: check these, not the pools.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'unknown',
                  lines: [{ expr: process('scrape_duration_seconds'), legend: '{{instance}}' }],
                }),
              ],
            ],
          },
        ],
      },
    ],
  });
}
