import type { AlertName } from '../model/alert-name.ts';
import type { Resource } from '../model/pool.ts';
import { hourSeconds, minuteSeconds } from '../model/units.ts';
import type { ThresholdName } from './thresholds.ts';

/** The limit that is near: a full pool, or the space that Docker keeps free. */
export const targets = ['full', 'minimum_free'] as const;
export type Target = (typeof targets)[number];

/** Windows over which growth is measured, by how often the rules record it. */
export const fastWindows = [
  'suddenWindow',
  'shortWindow',
  'steadyWindow',
  'fastWindow',
] as const satisfies ThresholdName[];
export const slowWindows = [
  'minutesWindow',
  'hourWindow',
  'hoursWindow',
  'dayWindow',
] as const satisfies ThresholdName[];
export type WindowName = (typeof fastWindows | typeof slowWindows)[number];

/** Growth that several windows have to agree on: at the rate of each, the space left is used up within the horizon. */
export interface Trend {
  readonly windows: readonly WindowName[];
  readonly horizon: ThresholdName;
  /** Counts only while less than this share of the pool is left. */
  readonly left: Readonly<Partial<Record<Target, ThresholdName>>>;
  /** Absent: both. */
  readonly resource?: Resource;
  readonly because: string;
}

/** The share below which a trend counts; undefined where it does not apply. */
export function levelOf(trend: Trend, resource: Resource, target: Target): ThresholdName | undefined {
  return (trend.resource ?? resource) === resource ? trend.left[target] : undefined;
}

/** A stage of running out of space: for data and metadata, and for each target that one of its trends has a level for. */
export interface Stage {
  /** `fast`: minutes are left; evaluated by the rules and, for direct notifications, by the exporter. `slow`: by the rules only. */
  readonly pace: 'fast' | 'slow';
  readonly alert: AlertName;
  readonly severity: 'critical' | 'warning';
  /** Any of them. All are in one rule, so that the alert does not resolve between one and the next. */
  readonly trends: readonly Trend[];
  /** Once it fires, it keeps firing while this holds. */
  readonly hold?: Hold;
  /** Not while LVM is about to extend the pool. */
  readonly unlessExtended?: boolean;
  readonly for: number;
  readonly keepFiringFor: number;
}

/** Used up within a longer horizon by any of the windows, or less than a share left. */
interface Hold {
  /** Where only the share holds, the first gives the rate in the description. */
  readonly windows: readonly [WindowName, ...WindowName[]];
  readonly horizon?: ThresholdName;
  readonly left?: Readonly<Partial<Record<Target, ThresholdName>>>;
}

/** What happens at a limit. */
export const atTheEnd = {
  full: { data: 'writes hang, then fail', metadata: 'the pool goes read-only' },
  minimum_free: {
    data: 'Docker refuses new images and containers',
    metadata: 'Docker refuses new images and containers',
  },
} as const satisfies Record<Target, Record<Resource, string>>;

/** Every stage, the most urgent first. */
export const stages: readonly Stage[] = [
  {
    pace: 'fast',
    alert: 'ThinPoolRunsOutInMinutes',
    severity: 'critical',
    trends: [
      {
        windows: ['suddenWindow', 'shortWindow'],
        horizon: 'suddenHorizon',
        left: { full: 'suddenLeft' },
        resource: 'data',
        because: 'A fill so fast that waiting for more samples would leave no time to act.',
      },
      {
        windows: ['suddenWindow', 'shortWindow'],
        horizon: 'suddenMetadataHorizon',
        left: { full: 'suddenMetadataLeft' },
        resource: 'metadata',
        because:
          'A fill so fast that waiting for more samples would leave no time to act. It counts earlier than for data, as no ordinary workload fills metadata like this.',
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
        because:
          'The pool cannot hold as much again as was written in the last half hour, and writing continues. Most jobs that end on their own have ended by then.',
      },
    ],
    hold: {
      windows: ['hourWindow', 'fastWindow'],
      horizon: 'minutesHold',
      left: { minimum_free: 'minimumFreeHold' },
    },
    unlessExtended: true,
    for: 0,
    keepFiringFor: 10 * minuteSeconds,
  },
  {
    pace: 'slow',
    alert: 'ThinPoolRunsOutInHours',
    severity: 'critical',
    trends: [
      {
        windows: ['hourWindow', 'hoursWindow'],
        horizon: 'hoursHorizon',
        left: { full: 'hoursLeft', minimum_free: 'hoursMinimumFreeLeft' },
        because: 'A steady fill, or one in steps: between two steps, short windows show no growth.',
      },
    ],
    hold: { windows: ['hoursWindow'], horizon: 'hoursHold', left: { minimum_free: 'minimumFreeHold' } },
    unlessExtended: true,
    for: 5 * minuteSeconds,
    keepFiringFor: 5 * minuteSeconds,
  },
  {
    pace: 'slow',
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
  {
    pace: 'slow',
    alert: 'ThinPoolNearlyFull',
    severity: 'critical',
    trends: [
      {
        windows: ['dayWindow'],
        horizon: 'levelHorizon',
        left: { full: 'criticalLeft' },
        because:
          'At this level, any growth is too much. A pool at this level that does not grow is a ticket.',
      },
    ],
    hold: { windows: ['dayWindow'], left: { full: 'criticalHold' } },
    for: minuteSeconds,
    keepFiringFor: 5 * minuteSeconds,
  },
];

export function stagesOf(pace: Stage['pace']): readonly Stage[] {
  return stages.filter((stage) => stage.pace === pace);
}
