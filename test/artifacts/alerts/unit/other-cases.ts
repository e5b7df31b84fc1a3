import { resources } from '../../../../src/model/pool.ts';
import { runbookOf } from '../../../../src/rules/runbooks.ts';
import { thresholds } from '../../../../src/rules/thresholds.ts';
import { type Case, host, type Labels, poolOf, type Series, type Stretch, steady } from './case.ts';
import { finding } from './finding-cases.ts';

const page = { severity: 'critical', page: 'true' };
const minute = 60;
const version = { version: '1', nodeversion: 'v20' };
const build = (values: readonly Stretch[]) => ({
  metric: 'thinpool_exporter_build_info',
  labels: { ...host, ...version },
  values,
});
const up = (job: string, values: readonly Stretch[]) => ({ metric: 'up', labels: { ...host, job }, values });

const down: readonly Case[] = [
  {
    what: 'down: scrapes fail',
    about: 'ThinPoolExporterDown',
    interval: 5,
    series: [
      up('thinpool', [
        [1, 12],
        [0, 60],
        [1, 60],
      ]),
    ],
    checks: [
      { at: 55 + 60 + minute, fires: [] },
      { at: 55 + 65 + minute, fires: [{ ...host, ...page }] },
      { at: 355, fires: [{ ...host, ...page }] },
      { at: 355 + 2 * minute, fires: [{ ...host, ...page }] },
      { at: 365 + 2 * minute, fires: [] },
    ],
  },
  {
    what: 'down: a scrape now and then works',
    about: 'ThinPoolExporterDown',
    interval: 5,
    series: [
      up(
        'thinpool',
        Array.from({ length: 60 }, (_, index): Stretch => [index % 10 === 0 ? 1 : 0, 1]),
      ),
    ],
    checks: [{ at: 290, fires: [] }],
  },
  {
    what: 'down: of another job',
    about: 'ThinPoolExporterDown',
    interval: 5,
    series: [up('other', [[0, 60]])],
    checks: [{ at: 290, fires: [] }],
  },
  {
    what: 'down: the target went with its series',
    about: 'ThinPoolExporterDown',
    interval: 60,
    series: [build([[1, 10]])],
    checks: [
      { at: 9 * minute + 2 * minute, fires: [] },
      { at: 9 * minute + 3 * minute, fires: [{ ...host, ...page }] },
      { at: 69 * minute + 2 * minute, fires: [{ ...host, ...page }] },
      { at: 69 * minute + 4 * minute, fires: [] },
    ],
  },
  {
    what: 'down: another version is the same exporter',
    about: 'ThinPoolExporterDown',
    interval: 60,
    series: [
      build([[1, 10]]),
      {
        ...build([
          [null, 10],
          [1, 20],
        ]),
        labels: { ...host, version: '2', nodeversion: 'v22' },
      },
    ],
    checks: [{ at: 25 * minute, fires: [] }],
  },
  {
    what: 'down: none at all is for an optional rule to say',
    about: 'ThinPoolExporterDown',
    interval: 60,
    alone: true,
    series: [up('other', [[1, 90]])],
    checks: [{ at: 75 * minute, fires: [] }],
  },
];

/** A series whose value depends on the second of the sample. */
const over = (
  metric: string,
  labels: Labels,
  { seconds, interval = 15 }: { readonly seconds: number; readonly interval?: number },
  value: (second: number) => number | null,
): Series => ({
  metric,
  labels,
  values: Array.from({ length: seconds / interval }, (_, at): Stretch => [value(at * interval), 1]),
});
const clock = (value: (second: number) => number | null, seconds = 40 * minute) =>
  over('thinpool_exporter_clock_timestamp_seconds', host, { seconds }, value);
const status = (
  value: (second: number) => number | null,
  pool: string = poolOf.pool,
  seconds = 40 * minute,
) => over('thinpool_status_timestamp_seconds', { ...host, pool }, { seconds }, value);
const quarterHour = 15 * minute;
const offsets = [-quarterHour, 0, quarterHour] as const;
const off = (offset: number): string => `${Math.abs(offset)} s ${offset < 0 ? 'behind' : 'ahead'}`;
/** When a file was last written, at a fixed interval in seconds and until a given second. */
const written = (every: number, until = Number.POSITIVE_INFINITY) => {
  const at = (second: number): number => Math.floor(second / every) * every;
  return (second: number): number => (second < until ? at(second) : at(until));
};
const plus = (offset: number, of = (second: number): number => second) => {
  // No time is negative.
  return (second: number): number => 10 * quarterHour + offset + of(second);
};
/** At the first evaluation after that. */
const old = Math.ceil(thresholds.tooOld.value / 15) * 15;
const backAt = 20 * minute;

const blind: readonly Case[] = [
  ...offsets.flatMap((offset): Case[] => [
    {
      what: `blind: not by a clock that is ${off(offset)}`,
      about: 'ThinPoolBlind',
      interval: 15,
      series: [clock(plus(offset)), status(plus(offset - 4))],
      checks: [0, 1, 5, 10, 20, 39].map((at) => ({ at: at * minute, fires: [] })),
    },
    {
      what: `blind: a file is no longer written by a host whose clock is ${off(offset)}`,
      about: 'ThinPoolBlind',
      interval: 15,
      series: [
        clock(plus(offset, (second) => (second < backAt ? written(minute, 10 * minute)(second) : second))),
        // One alert for the host, however many pools it has.
        ...['vg-pool', 'vg-other'].map((pool) =>
          status(
            plus(offset - 1, (second) => (second < backAt ? written(minute, 10 * minute)(second) : second)),
            pool,
          ),
        ),
      ],
      checks: [
        { at: 10 * minute + old - 15, fires: [] },
        { at: 10 * minute + old, fires: [{ ...host, ...page }] },
        { at: backAt - 15 + 2 * minute, fires: [{ ...host, ...page }] },
        { at: backAt + 15 + 2 * minute, fires: [] },
      ],
    },
  ]),
  {
    what: 'blind: not by the clock, where a pool has no status for a while',
    about: 'ThinPoolBlind',
    interval: 15,
    series: [
      clock(plus(0)),
      status((second) => (second % (10 * minute) < 5 * minute ? plus(0)(second) : null)),
    ],
    checks: [6, 9, 10, 11, 16, 20, 30].map((at) => ({ at: at * minute, fires: [] })),
  },
  {
    what: 'blind: the clock goes on, but the status of a pool does not',
    about: 'ThinPoolBlind',
    interval: 15,
    series: [
      clock(plus(0)),
      status(plus(0, (second) => (second < backAt ? 0 : second))),
      status(plus(0), 'vg-other'),
    ],
    checks: [
      { at: old - 15, fires: [] },
      { at: old, fires: [{ ...poolOf, ...page }] },
      { at: backAt - 15 + 2 * minute, fires: [{ ...poolOf, ...page }] },
      { at: backAt + 15 + 2 * minute, fires: [] },
    ],
  },
  {
    what: 'blind: so in a file that is written now and then',
    about: 'ThinPoolBlind',
    interval: 15,
    series: [clock(written(200)), status(() => 0)],
    checks: [
      { at: old - 15, fires: [] },
      { at: old, fires: [{ ...poolOf, ...page }] },
    ],
  },
  {
    what: 'blind: old, and a finding as well, is one alert',
    about: 'ThinPoolBlind',
    interval: 5,
    series: [
      steady('thinpool_status_timestamp_seconds', poolOf, 0, 80),
      finding('status-unknown', 'critical', [[1, 80]]),
    ],
    checks: [{ at: 380, fires: [{ ...poolOf, ...page }] }],
  },
  {
    what: 'blind: no longer written, and a finding as well, is one alert',
    about: 'ThinPoolBlind',
    interval: 5,
    series: [
      steady('thinpool_exporter_clock_timestamp_seconds', host, 0, 80),
      finding('discovery-blind', 'critical', [[1, 80]]),
    ],
    checks: [{ at: 380, fires: [{ ...host, ...page }] }],
  },
  {
    what: 'vanished: gone, and a finding as well, is one alert',
    about: 'ThinPoolVanished',
    interval: 5,
    series: [
      steady('thinpool_up', poolOf, 1, 10),
      build([[1, 80]]),
      finding('pool-missing', 'warning', [[1, 80]]),
    ],
    checks: [{ at: 380, fires: [{ ...poolOf, severity: 'warning' }] }],
  },
  {
    what: 'vanished: unknown to an exporter that was started later',
    about: 'ThinPoolVanished',
    interval: 60,
    series: [steady('thinpool_up', poolOf, 1, 10), build([[1, 120]])],
    checks: [
      { at: 9 * minute + 2 * minute, fires: [] },
      { at: 9 * minute + 3 * minute, fires: [{ ...poolOf, severity: 'warning' }] },
      { at: 69 * minute + 5 * minute, fires: [{ ...poolOf, severity: 'warning' }] },
      { at: 69 * minute + 7 * minute, fires: [] },
    ],
  },
  {
    what: 'vanished: not where the exporter is not there either',
    about: 'ThinPoolVanished',
    interval: 60,
    series: [steady('thinpool_up', poolOf, 1, 10), build([[1, 10]])],
    checks: [{ at: 30 * minute, fires: [] }],
  },
];

const reactions: readonly Case[] = resources.flatMap((resource): Case[] => {
  const target = 'full';
  const reaction = thresholds.reactionTime.value;
  const at = { ...poolOf, resource };
  const elsewhere = { ...poolOf, resource: resource === 'data' ? 'metadata' : 'data' };
  const slow = { ...at, target, severity: 'info' };
  return [
    {
      what: `reaction for ${resource}`,
      about: 'ThinPoolNoTimeToReact',
      of: { resource },
      interval: 60,
      series: [
        steady('thinpool:left_bytes', { ...at, target }, 1000, 100),
        // The other resource, and the other target, would have it.
        steady('thinpool:left_bytes', { ...elsewhere, target }, 1, 100),
        steady('thinpool:left_bytes', { ...at, target: 'minimum_free' }, 1, 100),
        steady('thinpool:growth_bytes_per_second:max', { ...elsewhere, window: '2m2s' }, 1, 100),
        {
          metric: 'thinpool:growth_bytes_per_second:max',
          labels: { ...at, window: '2m2s' },
          values: [
            [1000 / (reaction * 1.02), 10],
            [1000 / (reaction * 0.98), 30],
            [1000 / (reaction * 1.02), 40],
          ],
        },
      ],
      checks: [
        { at: 24 * minute, fires: [] },
        { at: 25 * minute, fires: [slow] },
        { at: 39 * minute + 15 * minute, fires: [slow] },
        { at: 40 * minute + 15 * minute, fires: [] },
      ],
    },
  ];
});

const own = (name: string, values: readonly Stretch[]) => ({
  metric: `thinpool_exporter_${name}`,
  labels: host,
  values,
});
const web = (name: string, values: readonly Stretch[]) => own(`web_${name}`, values);
/** Of half an hour of samples one is missing in its first minutes. */
const withGaps = (value: number, before = 10): readonly Stretch[] => [
  [value, before],
  [null, 1],
  [value, 30 - before],
];
const ticket = { ...host, severity: 'warning' };
const enough = thresholds.certificateLeft.value;

/** What holds for every file that is read again at a signal. */
const reloadCases = (
  file: string,
  about: Case['about'],
  success: (values: readonly Stretch[]) => Case['series'][number],
): readonly Case[] => [
  {
    what: `access: of the ${file} a scrape is missing, then all are`,
    about,
    interval: 60,
    series: [success(withGaps(0, 3))],
    checks: [
      { at: 4 * minute, fires: [] },
      { at: 5 * minute, fires: [ticket] },
      { at: 36 * minute, fires: [ticket] },
      { at: 37 * minute, fires: [] },
    ],
  },
  {
    what: `access: a wrong ${file} is put right`,
    about,
    interval: 60,
    series: [
      success([
        [1, 10],
        [0, 20],
        [1, 20],
      ]),
    ],
    checks: [
      { at: 14 * minute, fires: [] },
      { at: 15 * minute, fires: [ticket] },
      { at: 34 * minute, fires: [ticket] },
      { at: 36 * minute, fires: [] },
    ],
  },
];

const access: readonly Case[] = [
  {
    what: 'access: the certificate is renewed late',
    about: 'ThinPoolCertificateEnds',
    interval: 60,
    // Time begins at 0: left are two weeks after half an hour.
    series: [
      web('certificate_expiry_timestamp_seconds', [
        [enough + 30 * minute, 60],
        [2 * enough, 30],
      ]),
    ],
    checks: [
      { at: 45 * minute, fires: [] },
      { at: 46 * minute, fires: [ticket] },
      { at: 60 * minute + 4 * minute, fires: [ticket] },
      { at: 60 * minute + 6 * minute, fires: [] },
    ],
  },
  {
    what: 'access: of the certificate a scrape is missing, then all are',
    about: 'ThinPoolCertificateEnds',
    interval: 60,
    series: [web('certificate_expiry_timestamp_seconds', withGaps(enough / 2))],
    checks: [
      { at: 14 * minute, fires: [] },
      { at: 15 * minute, fires: [ticket] },
      { at: 36 * minute, fires: [ticket] },
      { at: 37 * minute, fires: [] },
    ],
  },
  ...reloadCases('options file', 'ThinPoolConfigRefused', (values) =>
    own('config_last_reload_successful', values),
  ),
  ...reloadCases('file', 'ThinPoolWebConfigRefused', (values) =>
    web('config_last_reload_successful', values),
  ),
];

const skewCase = (what: string, of: (second: number) => number, checks: Case['checks']): Case => ({
  what: `skew: ${what}`,
  about: 'ThinPoolClockSkew',
  interval: 15,
  // Prometheus' clock begins at 0.
  series: [clock(of)],
  checks,
});
const never: Case['checks'] = [5, 9, 10, 12, 20, 30, 39].map((at) => ({ at: at * minute, fires: [] }));
const skewed = thresholds.clockSkew.value;
const corrected = 20 * minute;

const skews: readonly Case[] = [
  ...[-quarterHour, -skewed - 5, skewed + 5, quarterHour].map((offset) =>
    skewCase(`${off(offset)}, then corrected`, (second) => second + (second < corrected ? offset : 0), [
      { at: 10 * minute - 15, fires: [] },
      { at: 10 * minute, fires: [ticket] },
      { at: corrected - 15 + 5 * minute, fires: [ticket] },
      { at: corrected + 15 + 5 * minute, fires: [] },
    ]),
  ),
  ...[-skewed + 5, -30, 0, 30, skewed - 5].map((offset) =>
    skewCase(`not by ${off(offset)}`, (second) => second + offset, never),
  ),
  ...[1, 2, 4, 15].map((minutes) =>
    skewCase(`not by the age of a file written every ${minutes} min`, written(minutes * minute), never),
  ),
  skewCase('not by the age of a file that is no longer written', written(minute, 5 * minute), never),
  ...[-quarterHour, quarterHour].flatMap((offset) =>
    [1, 4].map((minutes) =>
      skewCase(
        `in a file written every ${minutes} min, ${off(offset)}`,
        (second) => written(minutes * minute)(second) + offset,
        [
          { at: 10 * minute - 15, fires: [] },
          { at: 10 * minute, fires: [ticket] },
        ],
      ),
    ),
  ),
];

const failing = (what: string, labels: Labels, collector: string): Case => ({
  what: `collector: ${what}`,
  about: 'ThinPoolCollectorFailing',
  interval: 5,
  alone: true,
  series: [
    {
      metric: 'thinpool_finding',
      labels: { ...host, severity: 'warning', ...labels },
      values: [[1, 20]],
    },
  ],
  checks: [
    {
      at: minute,
      expects: {
        labels: { ...withoutCode(labels), ...host, severity: 'warning' },
        annotations: {
          summary: `Exporter on ${host.instance}: ${collector} is failing or hung; its data is missing`,
          description: `A collector is failing or hung: its data is missing. Findings: ${labels['code']}.`,
          runbook_url: runbookOf('ThinPoolCollectorFailing'),
        },
      },
    },
  ],
});
const withoutCode = ({ code: _, ...labels }: Labels): Labels => labels;

const collectors: readonly Case[] = [
  failing('is named', { code: 'collector-failing', collector: 'lvm' }, 'collector lvm'),
  failing('is not known', { code: 'pool-not-reported', pool: 'vg-pool' }, 'a collector'),
];

const always: Case = {
  what: 'watchdog',
  about: 'ThinPoolWatchdog',
  interval: 60,
  alone: true,
  series: [steady('anything', {}, 1, 2)],
  checks: [
    { at: 0, fires: [{ severity: 'none' }] },
    { at: minute, fires: [{ severity: 'none' }] },
  ],
};

export const otherCases: readonly Case[] = [
  ...down,
  ...blind,
  ...access,
  ...skews,
  ...collectors,
  ...reactions,
  always,
];
