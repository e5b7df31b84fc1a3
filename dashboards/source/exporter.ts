import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { hosts, sources } from './choices.ts';
import { anyIs, plain, words } from './colours.ts';
import { toExporter, uids } from './links.ts';
import { lines, stat, states, table } from './panel.ts';
import { many, ofHost } from './promql.ts';
import { silentHosts } from './silence.ts';
import { counted, units } from './units.ts';

const build = ofHost(many, 'thinpool_exporter_build_info');
const chosen = 'source=~"$source"';
const source = (metric: string, more?: string): string =>
  `max by (instance, source) (${ofHost(many, metric, more === undefined ? chosen : `${chosen},${more}`)})`;
/** Other programs tell the same of themselves. */
const own = (expr: string): string => `max by (instance) (${expr} and on (instance, job) ${build})`;
const process = (metric: string): string => own(ofHost(many, metric));
const lateness = `histogram_quantile(0.99, sum by (instance, le) (rate(${ofHost(many, 'thinpool_exporter_event_loop_lag_seconds_bucket')}[$__rate_interval])))`;
const each = '{{source}} on {{instance}}';

const sourceStates = [
  ['ok', 'well', 'green'],
  ['absent', 'not on this host', 'blue'],
  ['pending', 'not read yet', 'yellow'],
  ['held', 'held back', 'orange'],
  ['failed', 'fails', 'red'],
] as const;
const sourceState = `max by (instance, source) (${sourceStates
  .map(
    ([status], index) =>
      `(${ofHost(many, 'thinpool_source_status', `${chosen},status="${status}"`)} == 1) * ${index + 1}`,
  )
  .join(' or ')})`;
const stateWords = words(
  Object.fromEntries(sourceStates.map(([, text, colour], index) => [index + 1, [text, colour] as const])),
);

export function exporter(): Dashboard {
  return board({
    uid: uids.exporter,
    title: 'Thin pools / Exporter',
    description: 'Whether the exporters see what they should, and what they cost. Needs no recording rules.',
    choices: [hosts, sources],
    from: 'now-1h',
    refresh: '30s',
    sections: [
      {
        title: 'At a glance',
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
                    'Exporters that answer. Fewer than you have hosts: see which is silent in the fleet dashboard.',
                  noValue: 'none',
                  thresholds: plain,
                  expr: `count(${build})`,
                }),
              ],
              [
                4,
                stat({
                  ...counted,
                  title: 'Silent',
                  description:
                    'Targets of the same jobs that do not answer. Nobody watches the pools of these hosts: start the exporter there.',
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
                  title: 'Sources not well',
                  description:
                    'Sources that fail, hang or are held back. What only they tell is missing: see the states below, and run thinpool-exporter doctor on the host.',
                  noValue: 'unknown',
                  thresholds: anyIs('orange'),
                  colourOf: 'background',
                  expr: `sum(1 - ${source('thinpool_source_up')})`,
                }),
              ],
              [
                4,
                stat({
                  ...counted,
                  title: 'Stuck commands',
                  description:
                    'Commands that did not end by their deadline and are still there. The storage under them stalls: see the runbook of ThinPoolStalled, and start nothing more by hand.',
                  noValue: 'unknown',
                  thresholds: anyIs('red'),
                  colourOf: 'background',
                  expr: `sum(${source('thinpool_source_stuck_commands')})`,
                }),
              ],
              [
                4,
                stat({
                  ...counted,
                  title: 'Held back',
                  description:
                    'Sources that are not asked now, because a pool is sick and asking could hang or do harm. It ends by itself when the pool is well: see the fleet dashboard for the pool.',
                  noValue: 'unknown',
                  thresholds: anyIs('orange'),
                  expr: `sum(${source('thinpool_source_held_back')})`,
                }),
              ],
              [
                4,
                stat({
                  ...counted,
                  title: 'Volumes left out',
                  description:
                    'Thin volumes beyond --volumes.max, which have no metrics of their own. Raise the option where you want to see who fills the pool.',
                  noValue: 'unknown',
                  thresholds: anyIs('yellow'),
                  expr: `sum(max by (instance, pool) (${ofHost(many, 'thinpool_volumes_left_out')}))`,
                }),
              ],
            ],
          },
        ],
      },
      {
        title: 'Do they see',
        strips: [
          {
            height: 9,
            panels: [
              [
                12,
                states({
                  title: 'States of sources',
                  description:
                    'How each source fares. Red: its readings fail, see the reasons below. Orange: it is held back while a pool is sick. Blue is well: there is nothing of the kind on the host.',
                  unit: units.none,
                  noValue: 'No exporter answers.',
                  mappings: [stateWords],
                  rows: [{ expr: sourceState, legend: each }],
                }),
              ],
              [
                12,
                lines({
                  title: 'Age of what is known',
                  description:
                    'Time since the last success of each source. A line that rises steadily is a source that no longer answers: the exporter withdraws its values after three intervals and a timeout.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'no reading has worked yet',
                  lines: [
                    {
                      expr: `time() - ${source('thinpool_source_last_success_timestamp_seconds')}`,
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
                  title: 'Duration of readings',
                  description:
                    'The longest of the latest readings of each source. Near its timeout: storage or a daemon is slow. Look at the disks under the pools, then raise the timeout of the collector.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'unknown',
                  lines: [{ expr: source('thinpool_source_duration_seconds'), legend: each }],
                }),
              ],
              [
                8,
                lines({
                  title: 'Failures by reason',
                  description:
                    'Failed readings in the interval of the graph. Run thinpool-exporter doctor on the host: it says which right or tool is missing. Timeouts are storage or daemons that hang.',
                  unit: units.none,
                  min: 0,
                  noValue: 'no failures',
                  lines: [
                    {
                      expr: `sum by (instance, source, reason) (increase(${ofHost(many, 'thinpool_source_failures_total', chosen)}[$__rate_interval])) > 0`,
                      legend: `${each}: {{reason}}`,
                    },
                  ],
                }),
              ],
              [
                8,
                lines({
                  title: 'Stuck for',
                  description:
                    'How long the oldest overdue command of a source has lived. As long as it rises the host has stalled storage, or a daemon that hangs: do not start more of the kind.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'nothing is stuck',
                  lines: [{ expr: `${source('thinpool_source_stuck_seconds')} > 0`, legend: each }],
                }),
              ],
            ],
          },
          {
            height: 8,
            panels: [
              [
                12,
                table({
                  title: 'Exporters',
                  description:
                    'Versions, and since when each runs. One that began anew without you: look at its log for why it ended. Different versions tell different things: bring them together.',
                  unit: units.none,
                  noValue: 'No exporter answers.',
                  queries: [
                    `max by (instance, version, nodeversion) (${build})`,
                    `time() - ${process('process_start_time_seconds')}`,
                  ],
                  columns: [
                    { from: 'instance', name: 'Host', link: toExporter },
                    { from: 'version', name: 'Version' },
                    { from: 'nodeversion', name: 'Node.js' },
                    {
                      from: 'Value #B',
                      name: 'Runs for',
                      width: 130,
                      unit: units.seconds,
                      decimals: 1,
                      min: 0,
                    },
                  ],
                  without: ['Value #A'],
                  sortBy: { name: 'Runs for', desc: false },
                }),
              ],
              [
                12,
                table({
                  title: 'How it asks',
                  description:
                    'What the exporters decided about how to ask, such as whether LVM may be asked for monitoring. Not what you want: see the options of the collector.',
                  unit: units.none,
                  noValue: 'Nothing out of the ordinary.',
                  queries: [
                    `max by (instance, source, question, note) (${ofHost(many, 'thinpool_source_note_info', chosen)})`,
                  ],
                  columns: [
                    { from: 'instance', name: 'Host' },
                    { from: 'source', name: 'Source', width: 100 },
                    { from: 'question', name: 'Question', width: 200 },
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
        title: 'What they cost',
        strips: [
          {
            height: 8,
            panels: [
              [
                6,
                lines({
                  title: 'CPU',
                  description:
                    'Processor time of the exporter itself, without its commands. Above a few per cent: lengthen the intervals of the collectors, or lower --volumes.max.',
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
                    'Resident memory. It should stay level: if it rises for days, capture the host (thinpool-exporter capture) and report it; a restart helps meanwhile.',
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
                    'By how much the slowest one in a hundred timers came too late. Above a second scrapes come late: the host is short of processor time, or has very many volumes.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'unknown',
                  lines: [{ expr: lateness, legend: '{{instance}}' }],
                }),
              ],
              [
                6,
                lines({
                  title: 'Duration of scrapes',
                  description:
                    'What Prometheus waits for a page, which comes from memory. Near the scrape timeout: the host is overloaded, or the network is slow; look at both, not at the pools.',
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
