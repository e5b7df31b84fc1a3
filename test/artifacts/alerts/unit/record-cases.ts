import { duration } from '../../../../src/alerting/prometheus/promql.ts';
import { type Resource, resources } from '../../../../src/model/pool.ts';
import { recordedWindows } from '../../../../src/rules/stages.ts';
import { thresholds } from '../../../../src/rules/thresholds.ts';
import {
  type Case,
  type Check,
  host,
  type Labels,
  poolOf,
  type Series,
  type Stretch,
  steady,
} from './case.ts';
import { selector } from './promtool.ts';

const found = (metric: string, labels: Labels, value: number) => ({
  labels: selector(metric, labels),
  value,
});
const pool = `pool="vg-pool",instance="${host.instance}"`;

/** The value of a record, if nothing else is exported about this pool. */
function is(
  record: string,
  at: number,
  samples: readonly (readonly [Labels, number])[],
  matchers = '',
): Check {
  return {
    at,
    query: `${record}{${pool}${matchers}}`,
    finds: samples.map(([labels, value]) => found(record, { ...poolOf, ...labels }, value)),
  };
}

const space = (resource: Resource, sizes: Readonly<Record<string, number>>): Series[] =>
  Object.entries(sizes).map(([name, value]) =>
    steady(`thinpool_${resource}_${name}_bytes`, poolOf, value, 3),
  );
const minimumFree = (resource: Resource, bytes: number): Series =>
  steady('thinpool_minimum_free_bytes', { ...poolOf, resource, origin: 'docker' }, bytes, 3);

const other = (resource: Resource): Resource => (resource === 'data' ? 'metadata' : 'data');

const left: readonly Case[] = resources.flatMap((resource): Case[] => {
  const both = { size: 1000, used: 700, available: 250 };
  const one = (what: string, about: Case['about'], series: readonly Series[], check: Check): Case => ({
    what: `${about} of ${resource}: ${what}`,
    about,
    interval: 5,
    series,
    checks: [check],
  });
  const full = { resource, target: 'full' };
  const toMinimumFree = { resource, target: 'minimum_free' };
  return [
    one(
      'to full by what is available, to the minimum by what is free',
      'thinpool:left_bytes',
      [...space(resource, both), minimumFree(resource, 100)],
      is('thinpool:left_bytes', 5, [
        [full, 250],
        [toMinimumFree, 200],
      ]),
    ),
    one(
      'nothing below the minimum',
      'thinpool:left_bytes',
      [...space(resource, both), minimumFree(resource, 301)],
      is('thinpool:left_bytes', 5, [[toMinimumFree, 0]], ',target="minimum_free"'),
    ),
    one(
      'no minimum free, no distance to it',
      'thinpool:left_bytes',
      space(resource, both),
      is('thinpool:left_bytes', 5, [[full, 250]]),
    ),
    one(
      'as a share of the size',
      'thinpool:left_ratio',
      [
        ...space(resource, both),
        minimumFree(resource, 100),
        ...space(other(resource), { size: 10, used: 1, available: 8 }),
      ],
      is(
        'thinpool:left_ratio',
        5,
        [
          [full, 0.25],
          [toMinimumFree, 0.2],
        ],
        `,resource="${resource}"`,
      ),
    ),
  ];
});

/** Once it has stepped up, a window sees it for as long as it reaches back to before the step. */
const growth: readonly Case[] = resources.flatMap((resource) =>
  recordedWindows.map((name): Case => {
    const interval = 60;
    const window = thresholds[name].value;
    const label = { resource, window: duration(window) };
    const before = 3;
    const lastBefore = (before - 1) * interval;
    const seen = lastBefore + Math.floor(window / interval) * interval;
    const samples = Math.ceil(window / interval) + 5;
    const matcher = `,window="${label.window}"`;
    return {
      what: `growth of ${resource} over ${name}`,
      about: 'thinpool:growth_bytes_per_second',
      interval,
      series: [
        {
          metric: `thinpool_${resource}_used_bytes`,
          labels: poolOf,
          values: [[5000, before], [5000 + window, samples] as Stretch],
        },
      ],
      checks: [
        is('thinpool:growth_bytes_per_second', lastBefore, [[label, 0]], matcher),
        is('thinpool:growth_bytes_per_second', seen, [[label, 1]], matcher),
        is('thinpool:growth_bytes_per_second', seen + interval, [[label, 0]], matcher),
      ],
    };
  }),
);

const minutes: readonly Case[] = [
  ...resources.map(
    (resource): Case => ({
      what: `lowest of a minute, ${resource}`,
      about: 'thinpool:used_bytes:min',
      interval: 15,
      series: [
        {
          metric: `thinpool_${resource}_used_bytes`,
          labels: poolOf,
          values: [
            [9, 2],
            [5, 1],
            [7, 8],
          ],
        },
      ],
      checks: [
        is('thinpool:used_bytes:min', 15, [[{ resource }, 9]]),
        is('thinpool:used_bytes:min', 90, [[{ resource }, 5]]),
        is('thinpool:used_bytes:min', 105, [[{ resource }, 7]]),
      ],
    }),
  ),
  {
    what: 'a pool is seen for a minute after its last scrape',
    about: 'thinpool:pool_seen',
    interval: 15,
    series: [steady('thinpool_up', poolOf, 1, 3)],
    checks: [is('thinpool:pool_seen', 90, [[{}, 1]]), is('thinpool:pool_seen', 105, [])],
  },
  {
    what: 'an exporter is seen for a minute after its last scrape',
    about: 'thinpool:exporter_seen',
    interval: 15,
    series: [steady('thinpool_exporter_build_info', { ...poolOf, version: '1' }, 1, 3)],
    checks: [
      is('thinpool:exporter_seen', 90, [[{ version: '1' }, 1]]),
      is('thinpool:exporter_seen', 105, []),
    ],
  },
];

const grace = thresholds.autoextendGrace.value;
const extending = {
  shortfall: 0,
  monitored: 1,
  threshold: 0.8,
  used: 1000 * (0.8 + grace) - 1,
};

const autoextend: readonly Case[] = resources.flatMap((resource) =>
  (
    [
      ['it will', {}, true],
      ['past the threshold', { used: 1000 * (0.8 + grace) + 1 }, false],
      ['no room', { shortfall: 1 }, false],
      ['not watched', { monitored: 0 }, false],
      ['threshold off', { threshold: 1 }, false],
    ] as const
  ).map(([what, but, does]): Case => {
    const it = { ...extending, ...but };
    return {
      what: `extends itself, ${resource}: ${what}`,
      about: 'thinpool:extends_itself',
      interval: 5,
      series: [
        ...space(resource, { size: 1000, used: it.used }),
        steady('thinpool_lvm_autoextend_shortfall_bytes', { ...poolOf, resource }, it.shortfall, 3),
        steady(
          'thinpool_lvm_autoextend_shortfall_bytes',
          { ...poolOf, resource: other(resource) },
          'shortfall' in but ? 0 : 1,
          3,
        ),
        steady('thinpool_lvm_monitored', poolOf, it.monitored, 3),
        steady('thinpool_lvm_autoextend_threshold_ratio', poolOf, it.threshold, 3),
      ],
      checks: [is('thinpool:extends_itself', 5, does ? [[{ resource }, 0]] : [], `,resource="${resource}"`)],
    };
  }),
);

const window = { resource: 'data', window: '2m2s' };
const week = Math.floor(thresholds.burstMemory.value / 3600) * 3600;
const bursts: readonly Case[] = [
  {
    what: 'the fastest of the last minutes',
    about: 'thinpool:growth_bytes_per_second:max5m',
    interval: 60,
    series: [
      {
        metric: 'thinpool:growth_bytes_per_second',
        labels: { ...poolOf, ...window },
        values: [
          [1, 1],
          [9, 1],
          [1, 10],
        ],
      },
      {
        metric: 'thinpool:growth_bytes_per_second',
        labels: { ...poolOf, resource: 'data', window: '22s' },
        values: [[50, 12]],
      },
    ],
    checks: [
      is('thinpool:growth_bytes_per_second:max5m', 360, [[window, 9]]),
      is('thinpool:growth_bytes_per_second:max5m', 420, [[window, 1]]),
    ],
  },
  {
    what: 'the fastest of the last week',
    about: 'thinpool:growth_bytes_per_second:max',
    interval: 3600,
    series: [
      {
        metric: 'thinpool:growth_bytes_per_second:max5m',
        labels: { ...poolOf, ...window },
        values: [
          [9, 1],
          [1, week / 3600 + 3],
        ],
      },
    ],
    checks: [
      is('thinpool:growth_bytes_per_second:max', week, [[window, 9]]),
      is('thinpool:growth_bytes_per_second:max', week + 3600, [[window, 1]]),
    ],
  },
];

const host2 = { instance: 'other:10058', job: 'thinpool' };
const sample = (record: string, labels: string, value: number) => ({ labels: `${record}${labels}`, value });

const fleetOf = (
  about: Extract<Case['about'], `thinpool_fleet:${string}`>,
  series: readonly Series[],
  finds: readonly { readonly labels: string; readonly value: number }[],
  query: string = about,
): Case => ({ what: about, about, interval: 60, alone: true, series, checks: [{ at: 60, query, finds }] });

const twoHosts = (metric: string, value: number, more: Labels = {}): Series[] => [
  steady(metric, { ...host, ...more }, value, 3),
  steady(metric, { ...host2, ...more }, value, 3),
];
const finding = (of: Labels, code: string, severity: string): Series =>
  steady('thinpool_finding', { ...of, code, severity }, 1, 3);
const findings = [
  finding(host, 'data-full', 'critical'),
  finding(host, 'metadata-full', 'critical'),
  finding(host2, 'data-full', 'critical'),
  finding(host2, 'collector-stuck', 'warning'),
];

const fleet: readonly Case[] = [
  fleetOf('thinpool_fleet:pools', twoHosts('thinpool_up', 0, { pool: 'a' }), [
    sample('thinpool_fleet:pools', '', 2),
  ]),
  fleetOf(
    'thinpool_fleet:pools',
    [...twoHosts('thinpool_up', 0, { pool: 'a' }), steady('thinpool_up', { ...host, cluster: 'b' }, 0, 3)],
    [sample('thinpool_fleet:pools', '', 2), sample('thinpool_fleet:pools', '{cluster="b"}', 1)],
  ),
  fleetOf('thinpool_fleet:hosts', twoHosts('thinpool_exporter_build_info', 1), [
    sample('thinpool_fleet:hosts', '', 2),
  ]),
  fleetOf('thinpool_fleet:size_bytes', twoHosts('thinpool_data_size_bytes', 5), [
    sample('thinpool_fleet:size_bytes', '{resource="data"}', 10),
  ]),
  fleetOf('thinpool_fleet:used_bytes', twoHosts('thinpool_data_used_bytes', 5), [
    sample('thinpool_fleet:used_bytes', '{resource="data"}', 10),
  ]),
  fleetOf('thinpool_fleet:findings', findings, [
    sample('thinpool_fleet:findings', '{code="data-full",severity="critical"}', 2),
    sample('thinpool_fleet:findings', '{code="metadata-full",severity="critical"}', 1),
    sample('thinpool_fleet:findings', '{code="collector-stuck",severity="warning"}', 1),
  ]),
  fleetOf('thinpool_fleet:hosts_with_findings', findings, [
    sample('thinpool_fleet:hosts_with_findings', '{severity="critical"}', 2),
    sample('thinpool_fleet:hosts_with_findings', '{severity="warning"}', 1),
  ]),
  fleetOf(
    'thinpool_fleet:fullest_left_ratio',
    ['full', 'minimum_free']
      .flatMap((target) =>
        Array.from({ length: 30 }, (_, index) =>
          steady('thinpool:left_ratio', { ...host, pool: `p${index}`, resource: 'data', target }, index, 3),
        ),
      )
      .concat(
        steady('thinpool:left_ratio', { ...host, pool: 'p', resource: 'metadata', target: 'full' }, 50, 3),
      ),
    [
      { labels: '{resource="data", target="minimum_free"}', value: 19 },
      { labels: '{resource="data", target="full"}', value: 19 },
      { labels: '{resource="metadata", target="full"}', value: 50 },
    ],
    'max by (resource, target) (thinpool_fleet:fullest_left_ratio)',
  ),
];

export const recordCases: readonly Case[] = [
  ...left,
  ...minutes,
  ...growth,
  ...autoextend,
  ...bursts,
  ...fleet,
];
