import type { AlertName } from '../model/alert-name.ts';
import type { Resource } from '../model/pool.ts';
import { hourSeconds, minuteSeconds } from '../model/units.ts';
import type { ThresholdName } from './thresholds.ts';

/** What is near: the floor that Docker keeps, or the end of space. */
export const targets = ['full', 'floor'] as const;
export type Target = (typeof targets)[number];

/** Windows over which growth is measured, by the pace at which the rules record it. */
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

/** Growth over several windows that has to agree: over each, what is left is gone within the horizon. */
export interface Trend {
  readonly windows: readonly WindowName[];
  readonly horizon: ThresholdName;
  /** Only while less than this share of the pool is left. */
  readonly left: Readonly<Partial<Record<Target, ThresholdName>>>;
  /** Where it is about one resource alone. */
  readonly resource?: Resource;
  readonly because: string;
}

/** The share below which a trend counts; undefined where it has nothing to say. */
export function levelOf(trend: Trend, resource: Resource, target: Target): ThresholdName | undefined {
  return (trend.resource ?? resource) === resource ? trend.left[target] : undefined;
}

/** A stage of running out of space: for data and metadata, and for each target that a trend of it has a level for. */
export interface Stage {
  /** `fast`: about minutes, judged by the rules and by the exporter itself where it notifies. `slow`: by the rules alone. */
  readonly pace: 'fast' | 'slow';
  readonly alert: AlertName;
  readonly severity: 'critical' | 'warning';
  /** Any of them. In one rule, as an alert that goes over from one to another must not end between them. */
  readonly trends: readonly Trend[];
  /** When it fires already, it goes on while this holds. */
  readonly hold?: Hold;
  /** Not while LVM is about to extend the pool. */
  readonly unlessExtended?: boolean;
  readonly for: number;
  readonly keepFiringFor: number;
}

/** Gone within a longer horizon by any of the windows, or less left than a share: either. */
interface Hold {
  /** The first is told as the rate where only the share holds. */
  readonly windows: readonly [WindowName, ...WindowName[]];
  readonly horizon?: ThresholdName;
  readonly left?: Readonly<Partial<Record<Target, ThresholdName>>>;
}

/** What a pool will be, and what that means. */
export const atTheEnd = {
  full: { place: 'full', data: 'writes hang, then fail', metadata: 'the pool goes read-only' },
  floor: {
    place: 'at its floor',
    data: 'Docker creates nothing new',
    metadata: 'Docker creates nothing new',
  },
} as const satisfies Record<Target, Record<'place' | Resource, string>>;

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
        because: 'A fill that nobody can wait for to see more of it.',
      },
      {
        windows: ['suddenWindow', 'shortWindow'],
        horizon: 'suddenMetadataHorizon',
        left: { full: 'suddenMetadataLeft' },
        resource: 'metadata',
        because: 'The same. Less evidence is enough where no ordinary work looks like it.',
      },
      {
        windows: ['shortWindow', 'fastWindow'],
        horizon: 'fastHorizon',
        left: { full: 'fastLeft', floor: 'fastFloorLeft' },
        because: 'A fast fill that goes on when little is left.',
      },
      {
        windows: ['steadyWindow', 'minutesWindow'],
        horizon: 'minutesHorizon',
        left: { full: 'minutesLeft', floor: 'minutesFloorLeft' },
        because:
          'As much again as was written in the last half hour would not fit, and it is still being written: what ends by itself has mostly ended by then.',
      },
    ],
    hold: {
      windows: ['hourWindow', 'fastWindow'],
      horizon: 'minutesHold',
      left: { floor: 'floorHold' },
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
        left: { full: 'hoursLeft', floor: 'hoursFloorLeft' },
        because: 'A steady fill, or one in steps, between two of which a short window sees nothing.',
      },
    ],
    hold: { windows: ['hoursWindow'], horizon: 'hoursHold', left: { floor: 'floorHold' } },
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
        left: { full: 'dayLeft', floor: 'dayFloorLeft' },
        because: 'A leak: nobody need get up, somebody has to look today.',
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
        because: 'At this level any growth is too much. A pool that only stands there is a ticket.',
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
