import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  type Dashboard,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type Resource, resources } from '../../src/model/pool.ts';
import { board } from './board.ts';
import { oneHost, onePool } from './choices.ts';
import { anyIs, asGoodAsNever, fullness, haste, thresholds, words } from './colours.ts';
import { findingsTable } from './findings-table.ts';
import { uids } from './links.ts';
import { datasource, type Line, lines, type StatSpec, stat, states, table } from './panel.ts';
import { stateRows, stateWords } from './pool-states.ts';
import {
  day,
  floor,
  growth,
  ofHost,
  ofPool,
  one,
  perPool,
  timeLeft,
  usedShare,
  volumeGrowth,
} from './promql.ts';
import { units } from './units.ts';

const metric = (name: string, more?: string): string => perPool(ofPool(one, name, more));
const fastestVolumes = `topk(20, ${volumeGrowth(one)})`;
/** Of the VG that the pool lies in. */
const ofGroup = (name: string): string =>
  `max by (instance, vg) (${ofHost(one, name)} and on (instance, vg) ${ofPool(one, 'thinpool_info')})`;
const sourceAge = `time() - max by (instance, source) (${ofHost(one, 'thinpool_source_last_success_timestamp_seconds')})`;

function share(resource: Resource, advice: string): readonly [number, Builder<Panel>] {
  return [
    3,
    stat({
      title: `${capital(resource)} used`,
      description: advice,
      unit: units.share,
      decimals: 1,
      min: 0,
      max: 1,
      noValue: 'unknown',
      thresholds: fullness,
      colourOf: 'background',
      expr: usedShare(one, resource),
    }),
  ];
}

function time(resource: Resource, target: 'full' | 'floor'): readonly [number, Builder<Panel>] {
  const ends = {
    full: { data: 'no data block is free: writes wait, then fail', metadata: 'the pool goes read-only' },
    floor: {
      data: 'Docker creates nothing new for want of data',
      metadata: 'Docker creates nothing new for want of metadata',
    },
  } as const;
  const goal = target === 'full' ? 'full' : 'at its floor';
  return [
    3,
    stat({
      title: `${capital(resource)} ${goal} in`,
      description: `Time until ${ends[target][resource]}, at the faster growth of 5 minutes and of an hour. Less than an hour: extend now, or stop the volume that grows fastest (below). An extension by LVM is not foreseen here.`,
      unit: units.seconds,
      decimals: 1,
      min: 0,
      mappings: [asGoodAsNever],
      noValue: target === 'full' ? 'unknown' : 'no floor',
      thresholds: haste,
      expr: timeLeft(one, resource, target),
    }),
  ];
}

const overcommit: StatSpec = {
  title: 'Overcommit',
  description:
    'What the volumes promise over what the pool has. Above 100 % they cannot all be filled: keep room in the VG and let LVM extend, or make volumes smaller.',
  unit: units.share,
  decimals: 0,
  min: 0,
  noValue: 'unknown',
  thresholds: thresholds('green', [1.0001, 'orange']),
  expr: metric('thinpool_overcommit_ratio'),
};

const shortfall: StatSpec = {
  title: 'VG lacks',
  description:
    'What the VG lacks for the next automatic extension of data or metadata. It is all or nothing: above 0 the extension fails. Add a PV (vgextend), or remove what the VG can do without.',
  unit: units.bytes,
  decimals: 1,
  min: 0,
  noValue: 'no LVM',
  thresholds: anyIs('red'),
  colourOf: 'background',
  expr: metric('thinpool_lvm_autoextend_shortfall_bytes'),
};

/** Use against every line that it should not pass. */
function space(resource: Resource, description: string): Builder<Panel> {
  const size = metric(`thinpool_${resource}_size_bytes`);
  const lowWater =
    resource === 'data' ? 'thinpool_low_water_mark_bytes' : 'thinpool_metadata_low_water_mark_bytes';
  const limits: readonly Line[] = [
    {
      legend: 'LVM extends',
      limit: 'blue',
      expr: `${size} * (${metric('thinpool_lvm_autoextend_threshold_ratio')} < 1)`,
    },
    // A mark of more than the pool has says nothing.
    { legend: 'low water mark', limit: 'yellow', expr: `${size} - ${metric(lowWater)} >= 0` },
    { legend: 'floor', limit: 'orange', expr: `${size} - ${floor(one, resource)}` },
    {
      legend: 'full',
      limit: 'red',
      expr: `${metric(`thinpool_${resource}_used_bytes`)} + ${metric(`thinpool_${resource}_available_bytes`)}`,
    },
  ];
  return lines({
    title: capital(resource),
    description,
    unit: units.bytes,
    min: 0,
    noValue: 'unknown',
    legendCalcs: ['lastNotNull'],
    lines: [{ legend: 'used', colour: 'green', expr: metric(`thinpool_${resource}_used_bytes`) }, ...limits],
  });
}

/** Alerts that fire, where the rules are loaded: nothing else here needs them. */
const alertsThatFire = new AnnotationQueryBuilder()
  .name('Alerts')
  .datasource(datasource)
  .enable(true)
  .hide(false)
  .iconColor('red')
  .expr(`ALERTS{${one.pool},alertname=~"ThinPool.+",alertstate="firing"}`)
  .titleFormat('{{alertname}}')
  .textFormat('{{severity}} {{resource}} {{target}}')
  .step('30s');

export function pool(): Dashboard {
  return board({
    uid: uids.pool,
    title: 'Thin pools / Pool',
    description:
      'How long one pool has got, and who is eating it. Needs no recording rules; where the alert rules are loaded, alerts are marked in time.',
    choices: [oneHost, onePool],
    annotations: [alertsThatFire],
    from: 'now-3h',
    refresh: '10s',
    sections: [
      {
        title: 'Now',
        strips: [
          {
            height: 4,
            panels: [
              share(
                'data',
                'Data blocks in use. At 100 % writes wait, then fail. Extend the pool, or free space, before the lines below are reached.',
              ),
              time('data', 'floor'),
              time('data', 'full'),
              share(
                'metadata',
                'Metadata blocks in use. At 100 % the pool goes read-only and needs a repair: extend metadata early, it is small and cheap.',
              ),
              time('metadata', 'floor'),
              time('metadata', 'full'),
              [3, stat(overcommit)],
              [3, stat(shortfall)],
            ],
          },
          {
            height: 8,
            panels: [
              [
                12,
                states({
                  title: 'State',
                  description:
                    'What the kernel and LVM say of the pool. Red needs somebody: see the findings beside it for the runbook. When full, a pool that queues makes writers hang, one that fails tells them.',
                  unit: units.none,
                  noValue: 'unknown',
                  mappings: [stateWords],
                  rows: stateRows(),
                }),
              ],
              [12, findingsTable(one, { ofOnePool: true })],
            ],
          },
        ],
      },
      {
        title: 'How long',
        strips: [
          {
            height: 11,
            panels: [
              [
                12,
                space(
                  'data',
                  'Data in use, against the lines that it should not pass: where LVM extends, where the kernel raises an event, the least that Docker leaves free, and full. Past the blue line and not extended: look at dmeventd and at the VG. Full is nearer than the size where a loop file shares its disk.',
                ),
              ],
              [
                12,
                space(
                  'metadata',
                  'Metadata in use, against the same lines. Extend it (lvextend --poolmetadatasize) before the red line: a pool without metadata goes read-only and has to be repaired offline.',
                ),
              ],
            ],
          },
          {
            height: 10,
            panels: [
              [
                8,
                lines({
                  title: 'Growth',
                  description:
                    'How fast the pool grows: the faster of 5 minutes and an hour. A step up that stays is a new writer: find it in the volumes below.',
                  unit: units.bytesPerSecond,
                  min: 0,
                  noValue: 'unknown',
                  lines: resources.map((resource) => ({ expr: growth(one, resource), legend: resource })),
                }),
              ],
              [
                8,
                lines({
                  title: 'Time left',
                  description:
                    'Time until full, and until the floor, at that growth; a day stands for any longer time. A line that keeps falling does not stop by itself: act while it is above an hour.',
                  unit: units.seconds,
                  min: 0,
                  max: day,
                  noValue: 'unknown',
                  lines: resources.flatMap((resource) =>
                    (['floor', 'full'] as const).map((target) => ({
                      expr: timeLeft(one, resource, target, day),
                      legend: `${resource} to ${target}`,
                    })),
                  ),
                }),
              ],
              [
                8,
                lines({
                  title: 'Room in the VG',
                  description:
                    'What is free in the volume group, against what the next extensions need. Free space below a dashed line: that extension will fail, so add a PV (vgextend) now.',
                  unit: units.bytes,
                  min: 0,
                  noValue: 'no LVM',
                  legendCalcs: ['lastNotNull'],
                  lines: [
                    { expr: ofGroup('thinpool_vg_free_bytes'), legend: 'free in {{vg}}', colour: 'green' },
                    ...resources.map((resource) => ({
                      expr: metric('thinpool_lvm_autoextend_needed_bytes', `resource="${resource}"`),
                      legend: `next extension of ${resource}`,
                      limit: resource === 'data' ? ('red' as const) : ('orange' as const),
                    })),
                  ],
                }),
              ],
            ],
          },
        ],
      },
      {
        title: 'Who is eating it',
        strips: [
          {
            height: 10,
            panels: [
              [
                14,
                table({
                  title: 'Fastest growing volumes',
                  description:
                    'The volumes that grow fastest now, by the names of LVs, containers and images: stop, or move, what writes to the first. Blocks that snapshots share are counted for each of them, so the sum may be more than the pool uses.',
                  unit: units.none,
                  noValue: 'No volume is known.',
                  queries: [
                    fastestVolumes,
                    `max by (instance, pool, volume) (${ofPool(one, 'thinpool_volume_mapped_bytes')}) and on (instance, pool, volume) ${fastestVolumes}`,
                    `max by (instance, pool, volume) (${ofPool(one, 'thinpool_volume_size_bytes')}) and on (instance, pool, volume) ${fastestVolumes}`,
                  ],
                  columns: [
                    { from: 'known_as', name: 'Volume' },
                    { from: 'kind', name: 'Kind', width: 140 },
                    { from: 'image', name: 'Image' },
                    {
                      from: 'Value #A',
                      name: 'Growth',
                      width: 105,
                      unit: units.bytesPerSecond,
                      decimals: 1,
                      min: 0,
                    },
                    { from: 'Value #B', name: 'Mapped', width: 105, unit: units.bytes, decimals: 1, min: 0 },
                    { from: 'Value #C', name: 'Size', width: 105, unit: units.bytes, decimals: 1, min: 0 },
                  ],
                  without: ['instance', 'pool', 'volume'],
                  sortBy: { name: 'Growth', desc: true },
                }),
              ],
              [
                10,
                lines({
                  title: 'Growth of volumes',
                  description:
                    'The ten volumes that grow fastest at each moment. The one whose line has the form of the growth above is who fills the pool.',
                  unit: units.bytesPerSecond,
                  min: 0,
                  noValue: 'no volume grows',
                  lines: [{ expr: `topk(10, ${volumeGrowth(one)} > 0)`, legend: '{{known_as}}' }],
                }),
              ],
            ],
          },
          {
            height: 8,
            panels: [
              [
                12,
                lines({
                  title: 'Promised and had',
                  description:
                    'Size of all active volumes together, size of the pool, and what is used. The more the first is above the second, the more depends on somebody who watches.',
                  unit: units.bytes,
                  min: 0,
                  noValue: 'unknown',
                  legendCalcs: ['lastNotNull'],
                  lines: [
                    { expr: metric('thinpool_provisioned_bytes'), legend: 'promised' },
                    { expr: metric('thinpool_data_size_bytes'), legend: 'had' },
                    { expr: metric('thinpool_data_used_bytes'), legend: 'used' },
                  ],
                }),
              ],
              [
                12,
                table({
                  title: 'What the kernel said',
                  description:
                    'Kernel messages about the pool, and about file systems on it, the latest first. Errors of metadata, journals or devices: read dmesg before you touch the pool.',
                  unit: units.none,
                  noValue: 'Nothing, as far as the log is read.',
                  queries: [
                    `time() - max by (kind) (${ofPool(one, 'thinpool_kernel_message_last_timestamp_seconds')})`,
                    `max by (kind) (${ofPool(one, 'thinpool_kernel_messages_total')})`,
                  ],
                  columns: [
                    { from: 'kind', name: 'Message' },
                    { from: 'Value #A', name: 'Ago', width: 130, unit: units.seconds, decimals: 0, min: 0 },
                    { from: 'Value #B', name: 'Times', width: 90, unit: units.none, decimals: 0, min: 1 },
                  ],
                  sortBy: { name: 'Ago', desc: false },
                }),
              ],
            ],
          },
        ],
      },
      {
        title: 'Can this be believed',
        strips: [
          {
            height: 8,
            panels: [
              [
                8,
                table({
                  title: 'Sources on this host',
                  description:
                    'How old what each source told is, and how long its oldest command has hung. Something stuck: the storage under it stalls; run no further LVM or Docker commands on this host.',
                  unit: units.none,
                  noValue: 'The exporter does not answer.',
                  queries: [
                    sourceAge,
                    `max by (instance, source) (${ofHost(one, 'thinpool_source_up')})`,
                    `max by (instance, source) (${ofHost(one, 'thinpool_source_stuck_seconds')})`,
                  ],
                  columns: [
                    { from: 'source', name: 'Source' },
                    {
                      from: 'Value #B',
                      name: 'State',
                      width: 90,
                      mappings: [words({ 0: ['not well', 'orange'], 1: ['well', 'green'] })],
                      cell: 'background',
                    },
                    { from: 'Value #A', name: 'Age', width: 90, unit: units.seconds, decimals: 1, min: 0 },
                    {
                      from: 'Value #C',
                      name: 'Stuck for',
                      width: 100,
                      unit: units.seconds,
                      decimals: 0,
                      min: 0,
                      thresholds: anyIs('red'),
                      cell: 'background',
                    },
                  ],
                  without: ['instance'],
                  sortBy: { name: 'Stuck for', desc: true },
                }),
              ],
              [
                8,
                lines({
                  title: 'Age of the status',
                  description:
                    'How long ago the kernel told what is shown of this pool. Above half a minute, and rising: a reading does not return. Past its age limit the exporter withdraws the values, and this line ends.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'unknown',
                  lines: [
                    { expr: `time() - ${metric('thinpool_status_timestamp_seconds')}`, legend: 'status' },
                  ],
                }),
              ],
              [
                8,
                lines({
                  title: 'Stuck commands',
                  description:
                    'For how long the oldest command of a source has not come back. It cannot be killed, or waits for a daemon that hangs: see the runbook of ThinPoolStalled.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'nothing is stuck',
                  lines: [
                    {
                      expr: `max by (source) (${ofHost(one, 'thinpool_source_stuck_seconds')})`,
                      legend: '{{source}}',
                    },
                  ],
                }),
              ],
            ],
          },
        ],
      },
    ],
  });
}

function capital(word: string): string {
  return `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}
