import type { AlertName } from '../model/alert-name.ts';
import type { Target } from '../model/finding.ts';
import type { Resource } from '../model/pool.ts';
import { hourSeconds, minuteSeconds } from '../model/units.ts';
import type { ThresholdName } from './thresholds.ts';

/** Windows over which growth is measured by the exporter alone. */
const ownWindows = [
  'suddenWindow',
  'shortWindow',
  'fastWindow',
  'minutesWindow',
] as const satisfies ThresholdName[];
/** Windows over which recording rules measure growth. */
export const recordedWindows = [
  'steadyWindow',
  'hourWindow',
  'hoursWindow',
  'dayWindow',
] as const satisfies ThresholdName[];
export type RecordedWindow = (typeof recordedWindows)[number];
export type WindowName = (typeof ownWindows)[number] | RecordedWindow;

/** Growth that several windows have to agree on: at the rate of each, the space left is used up within the horizon. */
export interface Trend<Window extends WindowName = WindowName> {
  readonly windows: readonly Window[];
  readonly horizon: ThresholdName;
  /** Counts only while less than this share of the pool is left. */
  readonly left: Readonly<Partial<Record<Target, ThresholdName>>>;
  /** Absent: both. */
  readonly resource?: Resource;
  /** Not while usage only returns to where it has been within the last hour. Judged in the exporter only. */
  readonly unlessItTurnedBefore?: true;
  readonly because: string;
}

/** The share below which a trend counts; undefined where it does not apply. */
export function levelOf(trend: Trend, resource: Resource, target: Target): ThresholdName | undefined {
  return (trend.resource ?? resource) === resource ? trend.left[target] : undefined;
}

/** A stage of running out of space: for data and metadata, and for each target that one of its trends has a level for. */
export interface Stage<Window extends WindowName = WindowName> {
  readonly alert: AlertName;
  readonly severity: 'critical' | 'warning';
  /** Any of them. All are in one rule, so that the alert does not resolve between one and the next. */
  readonly trends: readonly Trend<Window>[];
  /** Once it fires, it keeps firing while this holds. */
  readonly hold?: Hold<Window>;
}

/** A stage that rules judge. For a finding, its own row and that of its alert have these. */
export interface HoursStage extends Stage<RecordedWindow> {
  /** Not while LVM is about to extend the pool. */
  readonly unlessExtended?: boolean;
  readonly for: number;
  readonly keepFiringFor: number;
}

/** Used up within a longer horizon by any of the windows, or less than a share left. */
interface Hold<Window extends WindowName> {
  /** Where only the share holds, the first gives the rate in the description. */
  readonly windows: readonly [Window, ...Window[]];
  readonly horizon?: ThresholdName;
  readonly left?: Readonly<Partial<Record<Target, ThresholdName>>>;
}

/** What happens at a limit. */
export const atTheEnd = {
  full: { data: 'writes hang, then fail', metadata: 'the pool goes read-only' },
  minimum_free: {
    data: 'Docker, if it uses the pool, refuses new images and containers',
    metadata: 'Docker, if it uses the pool, refuses new images and containers',
  },
} as const satisfies Record<Target, Record<Resource, string>>;

/** Minutes are left: judged by the exporter, at its own pace. */
export const minutesStage: Stage = {
  alert: 'ThinPoolRunsOutInMinutes',
  severity: 'critical',
  trends: [
    {
      windows: ['suddenWindow', 'shortWindow'],
      horizon: 'suddenHorizon',
      left: { full: 'suddenLeft' },
      resource: 'data',
      because: 'A fill so fast that waiting for more polls would leave no time to act.',
    },
    {
      windows: ['suddenWindow', 'shortWindow'],
      horizon: 'suddenMetadataHorizon',
      left: { full: 'suddenMetadataLeft' },
      resource: 'metadata',
      because:
        'A fill so fast that waiting for more polls would leave no time to act. It counts earlier than for data, as no ordinary workload fills metadata like this.',
    },
    {
      windows: ['shortWindow', 'fastWindow'],
      horizon: 'fastHorizon',
      left: { full: 'fastLeft', minimum_free: 'fastMinimumFreeLeft' },
      because: 'A fast fill that continues while little is left.',
    },
    {
      windows: ['steadyWindow', 'minutesWindow'],
      horizon: 'minutesHorizon',
      left: { full: 'minutesLeft', minimum_free: 'minutesMinimumFreeLeft' },
      unlessItTurnedBefore: true,
      because:
        'The pool cannot hold as much again as was written in the last half hour, and writing continues. Most jobs that end on their own have ended by then.',
    },
  ],
  hold: {
    windows: ['hourWindow', 'fastWindow'],
    horizon: 'minutesHold',
    left: { minimum_free: 'minimumFreeHold' },
  },
};

/** Hours are left: judged by the rules, the most urgent first. */
export const hoursStages: readonly HoursStage[] = [
  {
    alert: 'ThinPoolRunsOutInHours',
    severity: 'critical',
    trends: [
      {
        windows: ['hourWindow', 'hoursWindow'],
        horizon: 'hoursHorizon',
        left: { full: 'hoursLeft', minimum_free: 'hoursMinimumFreeLeft' },
        because: 'A steady fill, or one in steps: between two steps, short windows show no growth.',
      },
      {
        windows: ['dayWindow'],
        horizon: 'levelHorizon',
        left: { full: 'criticalLeft' },
        because:
          'At this level, any growth is too much. A pool at this level that does not grow is a ticket.',
      },
    ],
    hold: {
      windows: ['hoursWindow'],
      horizon: 'hoursHold',
      left: { full: 'criticalHold', minimum_free: 'minimumFreeHold' },
    },
    unlessExtended: true,
    for: 5 * minuteSeconds,
    keepFiringFor: 3 * hourSeconds,
  },
  {
    alert: 'ThinPoolRunsOutInHours',
    severity: 'warning',
    trends: [
      {
        windows: ['hourWindow', 'dayWindow'],
        horizon: 'dayHorizon',
        left: { full: 'dayLeft', minimum_free: 'dayMinimumFreeLeft' },
        because: 'A leak: not worth waking anyone, but someone has to look at it today.',
      },
    ],
    for: hourSeconds,
    keepFiringFor: hourSeconds,
  },
];

/** Every stage, the most urgent first. */
export const stages: readonly Stage[] = [minutesStage, ...hoursStages];
