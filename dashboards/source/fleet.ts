import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { board } from './board.ts';
import { hosts, pools } from './choices.ts';
import { anyIs, asGoodAsNever, fullness, haste, hasteBehind, plain, thresholds } from './colours.ts';
import { findingsTable } from './findings-table.ts';
import { toExporter, toPool, uids } from './links.ts';
import { lines, stat, table } from './panel.ts';
import { growth, many, ofHost, ofPool, perPool, soonest, usedShare } from './promql.ts';
import { worstFirst, worstWords } from './ranks.ts';
import { silentHosts } from './silence.ts';
import { counted, units } from './units.ts';

const answering = ofHost(many, 'thinpool_exporter_build_info');
const unknownPools = `max by (instance, pool) (${ofPool(many, 'thinpool_up')} == 0)`;
const blindSources = `max by (instance, source) (${ofHost(many, 'thinpool_source_up', 'source=~"devices|pools"')} == 0)`;

/** Counted as 0 only where somebody is there to count. */
const countOf = (what: string): string => `count(${what}) or 0 * count(${answering})`;
const poolsThatAre = (severity: string): string =>
  countOf(`group by (instance, pool) (${ofPool(many, 'thinpool_finding', `severity="${severity}"`)})`);
const fastest = `topk(10, ${growth(many, 'data')} > 0)`;

export function fleet(): Dashboard {
  return board({
    uid: uids.fleet,
    title: 'Thin pools / Fleet',
    description: 'Which thin pools on which hosts need somebody, worst first. Needs no recording rules.',
    choices: [hosts, pools],
    from: 'now-3h',
    refresh: '30s',
    sections: [
      {
        title: 'At a glance',
        strips: [
          {
            height: 4,
            panels: [
              [
                3,
                stat({
                  title: 'Pools in danger',
                  description:
                    'Pools that have a critical finding. Start with the first row of the table below, now: data can be lost, or writes hang.',
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
                    'Pools that have a warning. Look at each today; what warns now is critical later.',
                  ...counted,
                  noValue: 'unknown',
                  thresholds: anyIs('orange'),
                  expr: poolsThatAre('warning'),
                }),
              ],
              [
                3,
                stat({
                  title: 'Nobody looks',
                  description:
                    'Exporters that do not answer. Their pools can be in any state: see the table of what is not seen, start the exporter, and look at the host by hand meanwhile.',
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
                  title: 'Soonest at the floor',
                  description:
                    'The shortest time in which a pool is at the least that Docker leaves free, at the faster of its growth over 5 minutes and an hour. At the floor Docker creates nothing new: prune or extend before.',
                  unit: units.seconds,
                  decimals: 1,
                  min: 0,
                  mappings: [asGoodAsNever],
                  noValue: 'no floor',
                  thresholds: haste,
                  expr: `min(${soonest(many, 'floor')})`,
                }),
              ],
              [
                4,
                stat({
                  title: 'Soonest full',
                  description:
                    'The shortest time in which a pool has no free block of data or metadata, at the faster of its growth over 5 minutes and an hour. Less than an hour: extend it, or stop what writes. Pools that LVM extends in time are counted as they are now.',
                  unit: units.seconds,
                  decimals: 1,
                  min: 0,
                  mappings: [asGoodAsNever],
                  noValue: 'unknown',
                  thresholds: haste,
                  expr: `min(${soonest(many, 'full')})`,
                }),
              ],
              [
                3,
                stat({
                  title: 'Pools',
                  description:
                    'Pools that are watched. Fewer than you have: a host without the exporter, or a pool that is gone.',
                  ...counted,
                  noValue: 'none',
                  thresholds: plain,
                  expr: `count(${perPool(ofPool(many, 'thinpool_up'))})`,
                }),
              ],
              [
                4,
                stat({
                  title: 'Used of all pools',
                  description:
                    'Data used in all pools together. It says nothing of a single pool, but when it nears 80 % it is time to buy disks.',
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
        title: 'Who needs me',
        strips: [
          {
            height: 10,
            panels: [
              [
                24,
                table({
                  title: 'Pools, worst first',
                  description:
                    'Sorted by the worst finding, then by how full. Take the rows from the top: follow the pool to see what fills it. Times are at the faster growth of 5 minutes and of an hour. What the VG lacks is missing for the next automatic extension, which then fails: add a PV.',
                  unit: units.none,
                  noValue: 'No pool is known.',
                  queries: [
                    worstFirst(many),
                    usedShare(many, 'data'),
                    usedShare(many, 'metadata'),
                    soonest(many, 'floor'),
                    soonest(many, 'full'),
                    growth(many, 'data'),
                    perPool(ofPool(many, 'thinpool_lvm_autoextend_shortfall_bytes')),
                    perPool(ofPool(many, 'thinpool_overcommit_ratio')),
                  ],
                  columns: [
                    { from: 'Value #A', name: 'Worst', width: 90, mappings: worstWords, cell: 'background' },
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
                      name: query === 'D' ? 'To floor' : 'To full',
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
                      min: 0,
                    },
                    {
                      from: 'Value #G',
                      name: 'VG lacks',
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
                  sortBy: { name: 'Worst', desc: true },
                }),
              ],
            ],
          },
          {
            height: 10,
            panels: [
              [17, findingsTable(many, { ofOnePool: false })],
              [
                7,
                table({
                  title: 'Not seen',
                  description:
                    'What nobody can tell about: exporters that do not answer, pools whose status is not known, hosts whose devices cannot be read. No news here is no good news: look at the host by hand.',
                  unit: units.none,
                  noValue: 'Everything is seen.',
                  queries: [
                    [
                      `label_replace(${silentHosts}, "what", "exporter is silent", "", "")`,
                      `label_replace(${unknownPools}, "what", "pool is not known", "", "")`,
                      `label_replace(${blindSources}, "what", "host cannot be read", "", "")`,
                    ].join(' or '),
                  ],
                  columns: [
                    { from: 'instance', name: 'Host', link: toExporter },
                    { from: 'what', name: 'What' },
                    { from: 'pool', name: 'Pool' },
                    { from: 'source', name: 'Source' },
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
        title: 'How it came',
        strips: [
          {
            height: 9,
            panels: [
              [
                8,
                lines({
                  title: 'Findings',
                  description:
                    'How many findings there are. A step on many hosts at a time has one cause: a rollout, a batch job, a storage array.',
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
              [
                8,
                lines({
                  title: 'Growth of the ten fastest pools',
                  description:
                    'Data of the ten pools that grow fastest at each moment. A pool that is new here fills for a new reason: follow it in the table above.',
                  unit: units.bytesPerSecond,
                  min: 0,
                  noValue: 'no pool grows',
                  lines: [{ expr: fastest, legend: '{{pool}} on {{instance}}' }],
                }),
              ],
              [
                8,
                lines({
                  title: 'Time to full of the pools that have least',
                  description:
                    'Pools that are full within a day at the rate at which they grow. A line that falls to 0 will be an incident; one that jumps up was extended or cleaned.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'no pool is full within a day',
                  lines: [{ expr: `${soonest(many, 'full')} < 86400`, legend: '{{pool}} on {{instance}}' }],
                }),
              ],
            ],
          },
        ],
      },
    ],
  });
}
