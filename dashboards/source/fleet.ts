import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { clusters, hosts, pools } from './choices.ts';
import { anyIs, asGoodAsNever, fullness, haste, hasteBehind, plain, thresholds, words } from './colours.ts';
import { findingsTable } from './findings-table.ts';
import { toExporter, toPool, uids } from './links.ts';
import { clusterColumn, lines, stat, table } from './panel.ts';
import {
  forecastFull,
  growth,
  many,
  ofHost,
  ofPool,
  onLogAxis,
  perPool,
  soonest,
  usedShare,
} from './promql.ts';
import { worstFirst, worstWords } from './ranks.ts';
import { silentHosts } from './silence.ts';
import { counted, timeLeftAxis, units } from './units.ts';

const answering = ofHost(many, 'thinpool_exporter_build_info');
const unknownPools = `max by (cluster, instance, pool) (${ofPool(many, 'thinpool_up')} == 0 unless on (cluster, instance, pool) ${ofPool(many, 'thinpool_presence', 'presence="inactive"')} == 1)`;
const blindCollectors = `max by (cluster, instance, collector) (${ofHost(many, 'thinpool_collector_up', 'collector=~"devices|pools"')} == 0)`;

/** 0 only if an exporter responds; without one, nothing is known. */
const countOf = (what: string): string => `count(${what}) or 0 * count(${answering})`;
const poolsThatAre = (severity: string): string =>
  countOf(
    `group by (cluster, instance, pool) (${ofPool(many, 'thinpool_finding', `severity="${severity}"`)})`,
  );
// Not only above 0: a pool that has stopped growing, such as one that is full, ends at 0. The ten are chosen first: to
// group two thousand pools at each of 180 points takes longer than all else of this dashboard.
const fastest = perPool(
  `topk(10, ${ofPool(many, 'thinpool_growth_bytes_per_second', 'resource="data"')} >= 0)`,
);
const soonestFull = `bottomk(10, ${onLogAxis(forecastFull(many))})`;

/** Hosts by what is not known of them, worst first. */
const hostStates = [
  [
    'reporting',
    'green',
    `max by (cluster, instance) (${answering}) unless on (cluster, instance) (${unknownPools} or ${blindCollectors})`,
  ],
  ['pool unknown', 'purple', unknownPools],
  ['host unreadable', 'orange', blindCollectors],
  ['exporter down', 'red', silentHosts],
] as const;
const hostState = hostStates.map(([, , expr], state) => `${state} + 0 * (${expr})`).join(' or ');
const hostStateWords = words(
  Object.fromEntries(hostStates.map(([text, colour], state) => [state, [text, colour] as const])),
);

export function fleet(): Dashboard {
  return board({
    uid: uids.fleet,
    title: 'Thin pools / Fleet',
    description: 'Thin pools of all hosts that need attention, worst first. Needs no recording rules.',
    queryOptions: [clusters, hosts, pools],
    from: 'now-3h',
    refresh: '30s',
    sections: [
      {
        title: 'Overview',
        strips: [
          {
            height: 4,
            panels: [
              [
                3,
                stat({
                  title: 'Critical pools',
                  description:
                    'Pools with a critical finding: data can be lost, or writes hang. Start now, with the first row of the table below.',
                  ...counted,
                  noValue: 'unknown',
                  thresholds: anyIs('red'),
                  colourOf: 'background',
                  expr: poolsThatAre('critical'),
                }),
              ],
              [
                3,
                stat({
                  title: 'Pools with warnings',
                  description:
                    'Pools with a warning. Check each of them today: left alone, warnings become critical.',
                  ...counted,
                  noValue: 'unknown',
                  thresholds: anyIs('orange'),
                  expr: poolsThatAre('warning'),
                }),
              ],
              [
                3,
                stat({
                  title: 'Exporters down',
                  description:
                    'Exporters that do not respond. Their pools may be in any state: find the hosts in the table Host status, start the exporter, and check the pools by hand until then.',
                  ...counted,
                  noValue: 'no exporter',
                  thresholds: anyIs('red'),
                  colourOf: 'background',
                  expr: countOf(silentHosts),
                }),
              ],
              [
                4,
                stat({
                  title: 'Shortest time to minimum',
                  description:
                    "The shortest time until a pool reaches Docker's minimum free space, as its exporter forecasts it. Below it, Docker refuses new images and containers: prune or extend before that. No value: no minimum, or growth is not steady enough for a forecast.",
                  unit: units.seconds,
                  decimals: 1,
                  min: 0,
                  mappings: [asGoodAsNever],
                  noValue: 'none known',
                  thresholds: haste,
                  expr: `min(${soonest(many, 'minimum_free')})`,
                }),
              ],
              [
                4,
                stat({
                  title: 'Shortest time to full',
                  description:
                    'The shortest time until a pool has no free data or metadata block, as its exporter forecasts it. Less than an hour: extend the pool, or stop the writer. Future extensions by LVM are not taken into account. No value: growth is not steady enough for a forecast.',
                  unit: units.seconds,
                  decimals: 1,
                  min: 0,
                  mappings: [asGoodAsNever],
                  noValue: 'none known',
                  thresholds: haste,
                  expr: `min(${soonest(many, 'full')})`,
                }),
              ],
              [
                3,
                stat({
                  title: 'Pools',
                  description:
                    'Monitored pools. If there are fewer than expected, a host has no exporter, or a pool has disappeared.',
                  ...counted,
                  noValue: 'none',
                  thresholds: plain,
                  expr: `count(${perPool(ofPool(many, 'thinpool_up'))})`,
                }),
              ],
              [
                4,
                stat({
                  title: 'Total data usage',
                  description:
                    'Used share of the data space of all pools together. It says nothing about a single pool; but close to 80%, it is time to buy disks.',
                  unit: units.share,
                  decimals: 1,
                  min: 0,
                  max: 1,
                  noValue: 'unknown',
                  thresholds: fullness,
                  expr: `sum(${perPool(ofPool(many, 'thinpool_data_used_bytes'))}) / sum(${perPool(ofPool(many, 'thinpool_data_size_bytes'))})`,
                }),
              ],
            ],
          },
        ],
      },
      {
        title: 'Needs attention',
        strips: [
          {
            height: 8,
            panels: [
              [
                24,
                table({
                  title: 'Pools by severity',
                  description:
                    'Sorted by the worst finding, then by the time left to the nearest limit, then by usage: the order of the status page and of check. Work from the top: the pool links to its dashboard, which shows what fills it. Times and growth are those of the exporter; an empty time means that growth is not steady enough for a forecast. With a VG shortfall, the next automatic extension will fail: add a PV.',
                  unit: units.none,
                  noValue: 'No pools.',
                  queries: [
                    worstFirst(many),
                    usedShare(many, 'data'),
                    usedShare(many, 'metadata'),
                    soonest(many, 'minimum_free'),
                    soonest(many, 'full'),
                    growth(many, 'data'),
                    perPool(ofPool(many, 'thinpool_lvm_autoextend_shortfall_bytes')),
                    perPool(ofPool(many, 'thinpool_overcommit_ratio')),
                  ],
                  columns: [
                    { from: 'Value #A', name: 'Worst', width: 90, mappings: worstWords, cell: 'background' },
                    clusterColumn,
                    { from: 'instance', name: 'Host', link: toExporter },
                    { from: 'pool', name: 'Pool', link: toPool },
                    {
                      from: 'Value #B',
                      name: 'Data',
                      unit: units.share,
                      decimals: 1,
                      min: 0,
                      max: 1,
                      thresholds: fullness,
                      cell: 'bar',
                    },
                    {
                      from: 'Value #C',
                      name: 'Metadata',
                      unit: units.share,
                      decimals: 1,
                      min: 0,
                      max: 1,
                      thresholds: fullness,
                      cell: 'bar',
                    },
                    ...(['D', 'E'] as const).map((query) => ({
                      from: `Value #${query}`,
                      name: query === 'D' ? 'To minimum' : 'To full',
                      width: 110,
                      unit: units.seconds,
                      decimals: 1,
                      min: 0,
                      mappings: [asGoodAsNever],
                      thresholds: hasteBehind,
                      cell: 'background' as const,
                    })),
                    {
                      from: 'Value #F',
                      name: 'Growth',
                      width: 110,
                      unit: units.bytesPerSecond,
                      decimals: 1,
                    },
                    {
                      from: 'Value #G',
                      name: 'VG shortfall',
                      width: 110,
                      unit: units.bytes,
                      decimals: 1,
                      min: 0,
                      thresholds: thresholds('text', [1, 'red']),
                    },
                    {
                      from: 'Value #H',
                      name: 'Overcommit',
                      width: 110,
                      unit: units.share,
                      decimals: 0,
                      min: 0,
                    },
                  ],
                  sortBy: [
                    { name: 'Worst', desc: true },
                    { name: 'Pool', desc: false },
                  ],
                }),
              ],
            ],
          },
          { height: 10, panels: [[24, findingsTable(many, { ofOnePool: false })]] },
        ],
      },
      {
        title: 'Hosts and history',
        strips: [
          {
            height: 8,
            panels: [
              [
                12,
                table({
                  title: 'Host status',
                  description:
                    'Exporters that do not respond, hosts whose devices cannot be read, and pools whose status is unknown, before the hosts that report. Pools without data may be in any state: check the host by hand.',
                  unit: units.none,
                  noValue: 'No hosts.',
                  queries: [hostState],
                  columns: [
                    {
                      from: 'Value',
                      name: 'Status',
                      width: 130,
                      mappings: [hostStateWords],
                      cell: 'background',
                    },
                    clusterColumn,
                    { from: 'instance', name: 'Host', link: toExporter },
                    { from: 'pool', name: 'Pool', link: toPool },
                    { from: 'collector', name: 'Collector', width: 110 },
                  ],
                  sortBy: [
                    { name: 'Status', desc: true },
                    { name: 'Host', desc: false },
                  ],
                }),
              ],
              [
                12,
                lines({
                  title: 'Findings over time',
                  step: '1m',
                  description:
                    'Number of findings by severity. A step on many hosts at once has a common cause: look for a rollout, a batch job or a storage array.',
                  ...counted,
                  noValue: 'no findings',
                  stacked: true,
                  lines: (
                    [
                      ['critical', 'red'],
                      ['warning', 'orange'],
                      ['info', 'blue'],
                    ] as const
                  ).map(([severity, colour]) => ({
                    expr: countOf(ofPool(many, 'thinpool_finding', `severity="${severity}"`)),
                    legend: severity,
                    colour,
                  })),
                }),
              ],
            ],
          },
          {
            height: 9,
            panels: [
              [
                12,
                lines({
                  title: 'Fastest growing pools',
                  step: '1m',
                  description:
                    'Data growth rate of the ten pools that grow fastest at each moment, as their exporters measure it. A line that rises is a new writer: open the pool from the table above. A full pool grows no more, and is at 0.',
                  unit: units.bytesPerSecond,
                  min: 0,
                  noValue: 'unknown',
                  lines: [{ expr: fastest, legend: '{{pool}} on {{instance}}' }],
                }),
              ],
              [
                12,
                lines({
                  title: 'Time to full by pool',
                  description:
                    'Time to full of the ten pools that will be full first, as their exporters forecast it, on a logarithmic axis from a second (full) to days. A line that falls below a day will become an incident: act before that. One that ends was extended or cleaned up, or no longer grows steadily.',
                  ...timeLeftAxis,
                  step: '1m',
                  noValue: 'nothing fills up steadily',
                  lines: [{ expr: soonestFull, legend: '{{pool}} on {{instance}}' }],
                }),
              ],
            ],
          },
        ],
      },
    ],
  });
}
