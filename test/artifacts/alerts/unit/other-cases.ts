import { resources } from '../../../../src/model/pool.ts';
import { thresholds } from '../../../../src/rules/thresholds.ts';
import { type Case, host, poolOf, type Stretch, steady } from './case.ts';
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
    what: 'down: none at all',
    about: 'ThinPoolExporterDown',
    interval: 60,
    alone: true,
    series: [
      build([
        [null, 5],
        [1, 5],
      ]),
    ],
    checks: [
      { at: 0, fires: [] },
      { at: minute, fires: [page] },
      // With the first one it ends, and it does not come back while Prometheus still has that one.
      { at: 4 * minute, fires: [page] },
      { at: 8 * minute, fires: [] },
      { at: 40 * minute, fires: [{ ...host, ...page }] },
      { at: 69 * minute + minute, fires: [{ ...host, ...page }] },
      { at: 75 * minute, fires: [page] },
    ],
  },
];

const status = (values: readonly Stretch[]) => ({
  metric: 'thinpool_status_timestamp_seconds',
  labels: poolOf,
  values,
});

const blind: readonly Case[] = [
  {
    what: 'blind: what is shown grows old',
    about: 'ThinPoolBlind',
    interval: 5,
    series: [
      status([
        [10, 80],
        [100_000, 60],
      ]),
    ],
    checks: [
      { at: 10 + thresholds.tooOld.value, fires: [] },
      { at: 15 + thresholds.tooOld.value, fires: [{ ...poolOf, ...page }] },
      { at: 395 + 2 * minute, fires: [{ ...poolOf, ...page }] },
      { at: 405 + 2 * minute, fires: [] },
    ],
  },
  {
    what: 'blind: old, and a finding as well, is one alert',
    about: 'ThinPoolBlind',
    interval: 5,
    series: [status([[0, 80]]), finding('status-unknown', 'critical', [[1, 80]])],
    checks: [{ at: 380, fires: [{ ...poolOf, ...page }] }],
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

const web = (name: string, values: readonly Stretch[]) => ({
  metric: `thinpool_exporter_web_${name}`,
  labels: host,
  values,
});
/** Of half an hour of samples one is missing in its first minutes. */
const withGaps = (value: number, before = 10): readonly Stretch[] => [
  [value, before],
  [null, 1],
  [value, 30 - before],
];
const ticket = { ...host, severity: 'warning' };
const enough = thresholds.certificateLeft.value;

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
  {
    what: 'access: of the file a scrape is missing, then all are',
    about: 'ThinPoolWebConfigRefused',
    interval: 60,
    series: [web('config_last_reload_successful', withGaps(0, 3))],
    checks: [
      { at: 4 * minute, fires: [] },
      { at: 5 * minute, fires: [ticket] },
      { at: 36 * minute, fires: [ticket] },
      { at: 37 * minute, fires: [] },
    ],
  },
  {
    what: 'access: a wrong file is put right',
    about: 'ThinPoolWebConfigRefused',
    interval: 60,
    series: [
      web('config_last_reload_successful', [
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

export const otherCases: readonly Case[] = [...down, ...blind, ...access, ...reactions, always];
