import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  AnnotationQueryBuilder,
  type Dashboard,
  type Panel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { type Resource, resources } from '../../src/model/pool.ts';
import { board } from './board.ts';
import { clusters, oneHost, onePool } from './choices.ts';
import { anyIs, asGoodAsNever, fullness, haste, thresholds, words } from './colours.ts';
import { findingsTable } from './findings-table.ts';
import { uids } from './links.ts';
import { datasource, type Line, lines, type StatSpec, stat, states, table } from './panel.ts';
import { stateRows, stateWords } from './pool-states.ts';
import {
  age,
  floor,
  growth,
  ofHost,
  ofPool,
  one,
  onLogAxis,
  orZero,
  perPool,
  presentVolumeGrowth,
  timeLeft,
  usedShare,
  volumeGrowth,
} from './promql.ts';
import { counted, timeLeftAxis, units } from './units.ts';

const metric = (name: string, more?: string): string => perPool(ofPool(one, name, more));
const fastestVolumes = `topk(20, ${volumeGrowth(one)})`;
/** For the VG of the pool. */
const ofGroup = (name: string): string =>
  `max by (cluster, instance, vg) (${ofHost(one, name)} and on (cluster, instance, vg) ${ofPool(one, 'thinpool_info')})`;
const collectorAge = age(
  one,
  `max by (cluster, instance, collector) (${ofHost(one, 'thinpool_collector_last_success_timestamp_seconds')})`,
);

function share(resource: Resource, advice: string): readonly [number, Builder<Panel>] {
  return [
    5,
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

function time(resource: Resource, target: 'full' | 'minimum_free'): readonly [number, Builder<Panel>] {
  const ends = {
    full: {
      data: 'no data block is free and writes hang, then fail',
      metadata: 'no metadata block is free and the pool goes read-only',
    },
    minimum_free: {
      data: "free data is below Docker's minimum, and new images and containers fail",
      metadata: "free metadata is below Docker's minimum, and new images and containers fail",
    },
  } as const;
  const goal = target === 'full' ? 'full' : 'minimum';
  return [
    7,
    stat({
      title: `${capital(resource)} time to ${goal}`,
      description: `Time until ${ends[target][resource]}, as the exporter forecasts it. Less than an hour: extend now, or stop the writer of the fastest growing volume (below). Future extensions by LVM are not taken into account. No value: ${target === 'full' ? '' : 'no minimum, or '}growth is not steady enough for a forecast.`,
      unit: units.seconds,
      decimals: 1,
      min: 0,
      mappings: [asGoodAsNever],
      noValue: 'none known',
      thresholds: haste,
      expr: timeLeft(one, resource, target),
    }),
  ];
}

const overcommit: StatSpec = {
  title: 'Overcommit',
  description:
    'Size of all volumes divided by the size of the pool. Above 100%, they cannot all be filled: keep free space in the VG and enable autoextend, or make volumes smaller.',
  unit: units.share,
  decimals: 0,
  min: 0,
  noValue: 'unknown',
  thresholds: thresholds('green', [1.0001, 'orange']),
  expr: metric('thinpool_overcommit_ratio'),
};

const shortfall: StatSpec = {
  title: 'VG shortfall',
  description:
    'Space missing in the VG for the next automatic extension of data or metadata. Above 0, the extension fails: LVM does not extend by less. Add a PV (vgextend), or remove LVs that are not needed.',
  unit: units.bytes,
  decimals: 1,
  min: 0,
  noValue: 'no LVM',
  thresholds: anyIs('red'),
  colourOf: 'background',
  expr: metric('thinpool_lvm_autoextend_shortfall_bytes'),
};

/** Usage, and the limits that it should not reach. */
function space(resource: Resource, description: string): Builder<Panel> {
  const size = metric(`thinpool_${resource}_size_bytes`);
  const lowWater =
    resource === 'data' ? 'thinpool_low_water_mark_bytes' : 'thinpool_metadata_low_water_mark_bytes';
  const limits: readonly Line[] = [
    {
      legend: 'autoextend threshold',
      limit: 'blue',
      expr: `${size} * (${metric('thinpool_lvm_autoextend_threshold_ratio')} < 1)`,
    },
    // A mark larger than the pool would be a line below 0.
    { legend: 'low water mark', limit: 'yellow', expr: `${size} - ${metric(lowWater)} >= 0` },
    { legend: 'minimum free', limit: 'orange', expr: `${size} - ${floor(one, resource)}` },
    {
      legend: 'full',
      limit: 'red',
      expr: `${metric(`thinpool_${resource}_used_bytes`)} + ${metric(`thinpool_${resource}_available_bytes`)}`,
    },
  ];
  return lines({
    title: `${capital(resource)} usage`,
    description,
    unit: units.bytes,
    min: 0,
    noValue: 'unknown',
    legendCalcs: ['lastNotNull'],
    lines: [{ legend: 'used', colour: 'green', expr: metric(`thinpool_${resource}_used_bytes`) }, ...limits],
  });
}

/** Marks firing alerts if the rules are loaded. Nothing else here needs the rules. */
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
      'Space, time left, state and top consumers of one thin pool. Needs no recording rules; if the alert rules are loaded, firing alerts are marked.',
    queryOptions: [clusters, oneHost, onePool],
    annotations: [alertsThatFire],
    from: 'now-3h',
    refresh: '10s',
    sections: [
      {
        title: 'Current state',
        strips: [
          {
            height: 3,
            panels: [
              share(
                'data',
                'Data blocks in use. At 100%, writes hang, then fail. Extend the pool or free space before the limits below are reached.',
              ),
              time('data', 'minimum_free'),
              time('data', 'full'),
              [5, stat(overcommit)],
            ],
          },
          {
            height: 3,
            panels: [
              share(
                'metadata',
                'Metadata blocks in use. At 100%, the pool goes read-only and needs a repair. Extend metadata early: it is small and cheap.',
              ),
              time('metadata', 'minimum_free'),
              time('metadata', 'full'),
              [5, stat(shortfall)],
            ],
          },
          {
            height: 7,
            panels: [
              [
                24,
                states({
                  title: 'Pool state',
                  description:
                    'The state of the pool in the kernel and in LVM. Red needs action: the findings below link to the runbooks. When the pool is full, writers hang if it queues writes, and get errors if it fails them.',
                  unit: units.none,
                  noValue: 'unknown',
                  mappings: [stateWords],
                  rows: stateRows(),
                }),
              ],
            ],
          },
          { height: 6, panels: [[24, findingsTable(one, { ofOnePool: true })]] },
        ],
      },
      {
        title: 'Space and time left',
        strips: [
          {
            height: 11,
            panels: [
              [
                12,
                space(
                  'data',
                  "Data in use, and its limits: LVM's autoextend threshold, the kernel's low water mark, Docker's minimum free space, and full. Above the blue line without being extended: check dmeventd and the VG. For a pool on loop files, full is where their disk is full.",
                ),
              ],
              [
                12,
                space(
                  'metadata',
                  'Metadata in use, and its limits. Extend it (lvextend --poolmetadatasize) before the red line: a pool without free metadata goes read-only and has to be repaired offline.',
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
                  title: 'Growth rate',
                  description:
                    'Growth as the exporter measures it, over half a minute to an hour; below 0 while space is freed. A step up that stays is a new writer: find it in the volumes below.',
                  unit: units.bytesPerSecond,
                  noValue: 'unknown',
                  lines: resources.map((resource) => ({ expr: growth(one, resource), legend: resource })),
                }),
              ],
              [
                8,
                lines({
                  title: 'Time to full and to minimum',
                  description:
                    "Time until full, and until Docker's minimum free space, as the exporter forecasts it, on a logarithmic axis from a second (the limit has been reached) to 30 days (or longer, or nothing grows). There is no line while growth is not steady enough. If a line keeps falling, act while it is above an hour. Future extensions by LVM are not taken into account.",
                  ...timeLeftAxis,
                  noValue: 'unknown',
                  lines: resources.flatMap((resource) =>
                    (['minimum_free', 'full'] as const).map((target) => ({
                      expr: onLogAxis(timeLeft(one, resource, target)),
                      legend: `${resource} to ${target === 'full' ? 'full' : 'minimum free'}`,
                    })),
                  ),
                }),
              ],
              [
                8,
                lines({
                  title: 'VG free space',
                  description:
                    'Free space in the volume group, and what the next extensions need. If it is below a dashed line, that extension will fail: add a PV (vgextend) now.',
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
        title: 'Top consumers',
        strips: [
          {
            height: 8,
            panels: [
              [
                14,
                table({
                  title: 'Fastest growing volumes',
                  description:
                    'The volumes that grew fastest over the last 5 minutes or the last hour, with the names of LVs, of the guests or containers that use them, and of images: stop or move the writer of the first. In a full pool, they are the ones that filled it. Blocks shared with snapshots are counted in each volume, so the sum can exceed the usage of the pool.',
                  unit: units.none,
                  noValue: 'No volumes.',
                  queries: [
                    fastestVolumes,
                    `max by (cluster, instance, pool, volume) (${ofPool(one, 'thinpool_volume_mapped_bytes')}) and on (cluster, instance, pool, volume) ${fastestVolumes}`,
                    `max by (cluster, instance, pool, volume) (${ofPool(one, 'thinpool_volume_size_bytes')}) and on (cluster, instance, pool, volume) ${fastestVolumes}`,
                  ],
                  columns: [
                    { from: 'known_as', name: 'Volume' },
                    { from: 'name', name: 'Used by', width: 140 },
                    { from: 'owner', name: 'Owner', width: 105 },
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
                  without: ['cluster', 'instance', 'pool', 'volume'],
                  sortBy: { name: 'Growth', desc: true },
                }),
              ],
              [
                10,
                lines({
                  title: 'Volume growth rate',
                  description:
                    'Growth over two minutes of the ten volumes that grow fastest at each moment. The volume whose line has the shape of the growth rate above is the one that fills the pool: stop or move its writer. In a full pool, no volume grows.',
                  unit: units.bytesPerSecond,
                  min: 0,
                  noValue: 'no volumes',
                  lines: [{ expr: `topk(10, ${presentVolumeGrowth(one)})`, legend: '{{known_as}}' }],
                }),
              ],
            ],
          },
          {
            height: 8,
            panels: [
              [
                8,
                lines({
                  title: 'Provisioned vs. actual',
                  description:
                    'Total size of all volumes, active or not, size of the pool, and used space. If more is provisioned than the pool has, keep free space in the VG and enable autoextend: the volumes cannot all be filled.',
                  unit: units.bytes,
                  min: 0,
                  noValue: 'unknown',
                  legendCalcs: ['lastNotNull'],
                  lines: [
                    { expr: metric('thinpool_provisioned_bytes'), legend: 'provisioned' },
                    { expr: metric('thinpool_data_size_bytes'), legend: 'pool size' },
                    { expr: metric('thinpool_data_used_bytes'), legend: 'used' },
                  ],
                }),
              ],
              [
                8,
                lines({
                  title: 'Unattributed space',
                  description:
                    'Used data that belongs to no active volume, at least: that of inactive volumes, or of volumes that no tool knows any more. If it is much of what is used, list the volumes (lvs -a) and remove those that are not needed. Unknown if not every volume is exported.',
                  unit: units.bytes,
                  min: 0,
                  noValue: 'unknown',
                  legendCalcs: ['lastNotNull'],
                  lines: [
                    { expr: metric('thinpool_data_used_bytes'), legend: 'used', colour: 'green' },
                    { expr: metric('thinpool_unattributed_bytes'), legend: 'unattributed', colour: 'orange' },
                  ],
                }),
              ],
              [
                8,
                lines({
                  ...counted,
                  title: 'Active and inactive volumes',
                  description:
                    'Number of volumes in the pool. Inactive ones are listed by LVM and have no device, but keep their space: remove them (lvremove) if they are not needed. Volumes not exported are beyond --volumes.max.',
                  noValue: 'unknown',
                  legendCalcs: ['lastNotNull'],
                  lines: [
                    { expr: metric('thinpool_volumes'), legend: 'active', colour: 'green' },
                    { expr: metric('thinpool_inactive_volumes'), legend: 'inactive', colour: 'orange' },
                    {
                      expr: orZero(metric('thinpool_volumes_not_exported'), metric('thinpool_volumes')),
                      legend: 'not exported',
                      colour: 'purple',
                    },
                  ],
                }),
              ],
            ],
          },
        ],
      },
      {
        title: 'Data freshness and kernel log',
        strips: [
          {
            height: 8,
            panels: [
              [
                7,
                table({
                  title: 'Collectors on this host',
                  description:
                    'Age of the data of each collector, and how long its oldest command has been stuck. If one is stuck, storage is stalled or a daemon hangs: run no more LVM or Docker commands on this host.',
                  unit: units.none,
                  noValue: 'The exporter does not respond.',
                  queries: [
                    collectorAge,
                    `max by (cluster, instance, collector) (${ofHost(one, 'thinpool_collector_up')})`,
                    orZero(
                      `max by (cluster, instance, collector) (${ofHost(one, 'thinpool_collector_stuck_seconds')})`,
                      `max by (cluster, instance, collector) (${ofHost(one, 'thinpool_collector_up')})`,
                    ),
                  ],
                  columns: [
                    { from: 'collector', name: 'Collector' },
                    {
                      from: 'Value #B',
                      name: 'State',
                      width: 80,
                      mappings: [words({ 0: ['unhealthy', 'orange'], 1: ['healthy', 'green'] })],
                      cell: 'background',
                    },
                    { from: 'Value #A', name: 'Age', width: 80, unit: units.seconds, decimals: 1, min: 0 },
                    {
                      from: 'Value #C',
                      name: 'Stuck for',
                      width: 80,
                      unit: units.seconds,
                      decimals: 0,
                      min: 0,
                      thresholds: anyIs('red'),
                      cell: 'background',
                    },
                  ],
                  without: ['cluster', 'instance'],
                  sortBy: { name: 'Stuck for', desc: true },
                }),
              ],
              [
                5,
                lines({
                  title: 'Status age',
                  description:
                    'Time since the status of this pool was last read from the kernel. If it is above 30 s and rising, a query hangs: see the runbook of ThinPoolStalled. Beyond the age limit, the exporter withdraws the values and this line ends.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'unknown',
                  lines: [{ expr: age(one, metric('thinpool_status_timestamp_seconds')), legend: 'status' }],
                }),
              ],
              [
                5,
                lines({
                  title: 'Stuck commands',
                  description:
                    'How long the oldest command of each collector has been stuck. It hangs in the kernel, or waits for a daemon that hangs: see the runbook of ThinPoolStalled.',
                  unit: units.seconds,
                  min: 0,
                  noValue: 'nothing is stuck',
                  lines: [
                    {
                      expr: orZero(
                        `max by (collector) (${ofHost(one, 'thinpool_collector_stuck_seconds')})`,
                        `max by (collector) (${ofHost(one, 'thinpool_collector_up')})`,
                      ),
                      legend: '{{collector}}',
                    },
                  ],
                }),
              ],
              [
                7,
                table({
                  title: 'Kernel messages',
                  description:
                    'Kernel messages about the pool and the file systems on it, latest first. If there are errors of metadata, journals or devices, read dmesg before you touch the pool. Empty if the exporter does not read the kernel log.',
                  unit: units.none,
                  noValue: 'No messages.',
                  queries: [
                    age(
                      one,
                      `max by (cluster, instance, kind) (${ofPool(one, 'thinpool_kernel_message_last_timestamp_seconds')})`,
                    ),
                    `max by (cluster, instance, kind) (${ofPool(one, 'thinpool_kernel_messages_total')})`,
                  ],
                  columns: [
                    { from: 'kind', name: 'Message' },
                    { from: 'Value #A', name: 'Age', width: 80, unit: units.seconds, decimals: 0, min: 0 },
                    { from: 'Value #B', name: 'Count', width: 70, unit: units.none, decimals: 0, min: 1 },
                  ],
                  without: ['cluster', 'instance'],
                  sortBy: { name: 'Age', desc: false },
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
