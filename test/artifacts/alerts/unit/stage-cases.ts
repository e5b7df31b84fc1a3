import { duration } from '../../../../src/alerting/prometheus/promql.ts';
import { type Target, targets } from '../../../../src/model/finding.ts';
import { type Resource, resources } from '../../../../src/model/pool.ts';
import { type HoursStage, hoursStages, levelOf } from '../../../../src/rules/stages.ts';
import { type ThresholdName, thresholds } from '../../../../src/rules/thresholds.ts';
import { type Case, type Labels, poolOf, type Series, type Stretch, steady } from './case.ts';

const figure = (name: ThresholdName): number => thresholds[name].value;
const windowsOf = ({ trends, hold }: HoursStage): ThresholdName[] => [
  ...new Set([...trends.flatMap(({ windows }) => windows), ...(hold?.windows ?? [])]),
];
const left = 1000;

/** By how much a pool grows over each window, as the seconds in which what is left would be gone, and what is left. */
interface Moment {
  readonly samples: number;
  readonly secondsLeft: Readonly<Partial<Record<ThresholdName, number>>>;
  readonly leftRatio: number;
  /** Nothing left at all. */
  readonly isAtEnd?: boolean;
  readonly extendsItself?: boolean;
}

/** What a rule must not take for its own: another resource that is nearly gone, another target that is reached. */
function decoys(stage: HoursStage, resource: Resource, target: Target, samples: number): Series[] {
  const other = { ...poolOf, resource: resource === 'data' ? 'metadata' : 'data' };
  const elsewhere = { ...poolOf, resource, target: target === 'full' ? 'minimum_free' : 'full' };
  const wanting = { ...other, target };
  return [
    steady('thinpool:left_bytes', wanting, 1, samples),
    steady('thinpool:left_ratio', wanting, 0.001, samples),
    ...windowsOf(stage).map((window) =>
      steady('thinpool:growth_bytes_per_second', { ...other, window: duration(figure(window)) }, 1, samples),
    ),
    steady('thinpool:growth_bytes_per_second', { ...poolOf, resource, window: '1s' }, 1e9, samples),
    steady('thinpool:left_bytes', elsewhere, 1, samples),
    steady('thinpool:left_ratio', elsewhere, 0.001, samples),
  ];
}

/** Alerts that are not the one whose firing holds it. */
export function otherAlerts(alert: string, labels: Labels, samples: number): Series[] {
  const own = { ...labels, alertname: alert, alertstate: 'firing' };
  const others: Labels[] = [
    { ...own, alertname: 'Other' },
    { ...own, alertstate: 'pending' },
    { ...own, severity: 'info' },
    { ...own, resource: labels['resource'] === 'data' ? 'metadata' : 'data' },
    ...(labels['target'] === undefined ? [] : [{ ...own, target: 'other' }]),
  ];
  return others.map((other) => steady('ALERTS', other, 1, samples));
}

/** The records that a stage reads, through some moments. */
function recorded(
  stage: HoursStage,
  resource: Resource,
  target: Target,
  moments: readonly Moment[],
): Series[] {
  const through = (value: (moment: Moment) => number | null): Stretch[] =>
    moments.map((moment) => [value(moment), moment.samples]);
  const at = { ...poolOf, resource };
  return [
    {
      metric: 'thinpool:left_bytes',
      labels: { ...at, target },
      values: through(({ isAtEnd }) => (isAtEnd ? 0 : left)),
    },
    {
      metric: 'thinpool:left_ratio',
      labels: { ...at, target },
      values: through(({ leftRatio }) => leftRatio),
    },
    ...windowsOf(stage).map((window) => ({
      metric: 'thinpool:growth_bytes_per_second',
      labels: { ...at, window: duration(figure(window)) },
      values: through(({ secondsLeft }) => {
        const seconds = secondsLeft[window];
        return seconds === undefined ? 0 : left / seconds;
      }),
    })),
    ...(moments.some(({ extendsItself }) => extendsItself)
      ? [
          {
            metric: 'thinpool:extends_itself',
            labels: at,
            values: through(({ extendsItself }) => (extendsItself ? 1 : null)),
          },
        ]
      : []),
  ];
}

export function ladderCases(): Case[] {
  const interval = 60;
  return hoursStages.flatMap((stage) =>
    resources.flatMap((resource) => targets.flatMap((target) => casesOf(stage, interval, resource, target))),
  );
}

function casesOf(stage: HoursStage, interval: number, resource: Resource, target: Target): Case[] {
  const trends = stage.trends.filter((trend) => levelOf(trend, resource, target) !== undefined);
  if (trends.length === 0) return [];
  const fires: Labels[] = [labelsOf(stage, resource, target)];
  const wait = stage.for;
  const keep = stage.keepFiringFor;
  const quiet = (samples: number): Moment => ({ samples, secondsLeft: {}, leftRatio: 0.9 });
  const samplesOf = (seconds: number): number => Math.ceil(seconds / interval);
  const long = samplesOf(Math.max(2 * wait, 60)) + 4;
  const story = (
    what: string,
    moments: readonly Moment[],
    checks: Case['checks'],
    more: readonly Series[] = [],
  ): Case => ({
    what: `${stage.alert} ${stage.severity} ${resource} ${target}: ${what}`,
    about: stage.alert,
    of: { severity: stage.severity, resource, target },
    interval,
    series: [
      ...recorded(stage, resource, target, moments),
      ...decoys(
        stage,
        resource,
        target,
        moments.reduce((sum, { samples }) => sum + samples, 0),
      ),
      ...more,
    ],
    checks,
  });
  const all = long * interval - interval;

  const cases = trends.flatMap((which) => {
    const { windows, horizon } = which;
    const level = figure(levelOf(which, resource, target)!);
    const near = (by: number): Moment['secondsLeft'] =>
      Object.fromEntries(windows.map((window) => [window, by * figure(horizon)]));
    const bad: Moment = { samples: long, secondsLeft: near(0.98), leftRatio: level * 0.98 };
    const trend = windows.join(' and ');
    const begins = 4 * interval;
    return [
      story(
        `${trend}: fires when it has held, and ends when it is over`,
        [quiet(4), bad, quiet(samplesOf(keep) + 8)],
        [
          { at: begins - interval, fires: [] },
          ...(wait > 0 ? [{ at: begins + wait - interval, fires: [] }] : []),
          { at: begins + wait, fires },
          { at: (4 + long) * interval + keep - interval, fires },
          { at: (4 + long) * interval + keep + interval, fires: [] },
        ],
      ),
      story(
        `${trend}: silent where the level is higher`,
        [{ ...bad, leftRatio: level * 1.02 }],
        [{ at: all, fires: [] }],
      ),
      ...windows.map((window) =>
        story(
          `${trend}: silent where only ${window} disagrees`,
          [{ ...bad, secondsLeft: { ...bad.secondsLeft, [window]: 1.02 * figure(horizon) } }],
          [{ at: all, fires: [] }],
        ),
      ),
      ...(stage.unlessExtended
        ? [
            story(
              `${trend}: silent while LVM extends the pool`,
              [{ ...bad, extendsItself: true }],
              [{ at: all, fires: [] }],
            ),
          ]
        : []),
    ];
  });

  return [...cases, ...holdCases()];

  function holdCases(): Case[] {
    const { hold } = stage;
    const [first] = trends;
    if (hold === undefined || first === undefined) return [];
    const bad: Moment = {
      samples: long,
      secondsLeft: Object.fromEntries(first.windows.map((window) => [window, 0.5 * figure(first.horizon)])),
      leftRatio: figure(levelOf(first, resource, target)!) * 0.5,
    };
    const span = samplesOf(keep) + 8;
    const ends = (long + span) * interval;
    const after = [
      { at: ends, fires },
      { at: ends + keep - interval, fires },
      { at: ends + keep + 2 * interval, fires: [] },
    ];
    const held: Case[] = [];
    const { horizon } = hold;
    for (const window of horizon === undefined ? [] : hold.windows) {
      const better = (by: number): Moment => ({
        samples: span,
        secondsLeft: { [window]: by * figure(horizon!) },
        leftRatio: 0.9,
      });
      held.push(
        story(`held by ${window} until that is better, too`, [bad, better(0.98), better(1.02)], after),
        story(
          `${window} alone raises nothing`,
          [better(0.98)],
          [{ at: span * interval - interval, fires: [] }],
          otherAlerts(stage.alert, fires[0]!, span),
        ),
      );
    }
    const level = hold.left?.[target];
    if (level !== undefined) {
      const low = (by: number): Moment => ({
        samples: span,
        secondsLeft: {},
        leftRatio: by * figure(level),
        isAtEnd: by < 1,
      });
      held.push(
        story('held by the level until that is better, too', [bad, low(0.98), low(1.02)], after),
        story(
          'the level alone raises nothing',
          [low(0.98)],
          [{ at: span * interval - interval, fires: [] }],
          otherAlerts(stage.alert, fires[0]!, span),
        ),
      );
    }
    return held;
  }
}

function labelsOf({ severity }: HoursStage, resource: Resource, target: Target): Labels {
  return { ...poolOf, severity, ...(severity === 'critical' && { page: 'true' }), resource, target };
}
