import { formatBytes } from '../format/bytes.ts';
import { formatAge } from '../format/duration.ts';
import { formatRate } from '../format/rate.ts';
import { type Target, targets } from '../model/finding.ts';
import { type Pool, type Resource, resources } from '../model/pool.ts';
import type { SpaceTrend, TrendPoint } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { secondsTo } from '../thinpool/forecast.ts';
import { bytesLeft } from '../thinpool/space-left.ts';
import { isBeingExtended, willBeExtended } from '../thinpool/will-be-extended.ts';
import { extendCommand } from './commands.ts';
import type { Limits } from './limits.ts';
import { describeFastest } from './owners.ts';
import { type Context, type PoolHit, poolRule, type Rule } from './rule.ts';
import { levelOf, minutesStage, type Trend } from './stages.ts';
import { type ThresholdName, thresholds } from './thresholds.ts';

/** What is left until the limit, and for how long. */
interface Forecast {
  readonly leftBytes: number;
  readonly leftShare: number;
  /** Absent while nothing grows. */
  readonly seconds?: number;
}

export const runningOutRules: readonly Rule[] = [
  poolRule({
    code: 'runs-out-in-minutes',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolRunsOutInMinutes',
    meaning:
      'Little space is left and, at the present growth, the pool is full or below its minimum free space within minutes. Judged from every poll of the pool; not while LVM is about to extend it.',
    advice: (pool, resource) =>
      `Find what is writing (the volumes that grow fastest are on the status page) and stop it, or extend the pool: ${extendCommand(pool, resource ?? 'data')}.`,
    judge: (pool, _host, context) =>
      resources.flatMap((resource) =>
        targets.flatMap((target) => judgeTarget({ pool, resource, target }, context)),
      ),
  }),
];

interface About {
  readonly pool: Pool;
  readonly resource: Resource;
  readonly target: Target;
}

function judgeTarget(about: About, context: Context): PoolHit[] {
  const { pool, resource, target } = about;
  const trend = context.trends.get(pool.name)?.[resource];
  const space = pool[resource];
  const leftBytes = bytesLeft(pool, resource, target);
  if (trend === undefined || space === undefined || leftBytes === undefined) return [];
  // At the limit itself there is a finding of its own.
  if (leftBytes <= 0) return [];
  if (willBeExtended(pool, resource) || isBeingExtended(pool, resource, trend.points)) return [];
  const left = { leftBytes, leftShare: leftBytes / space.sizeBytes };
  const forecast =
    foresee(about, left, { trend, limits: context.limits }) ??
    (context.before({ pool: pool.name, resource, target }) === undefined
      ? undefined
      : foreseeHeld(target, left, trend));
  return forecast === undefined ? [] : [{ ...describe(about, forecast, trend), ...adviseOn(about, context) }];
}

/** Names the volume that grows fastest. */
function adviseOn({ pool, resource }: About, { trends }: Context): Pick<PoolHit, 'advice'> {
  const fastest = describeFastest(pool, trends.get(pool.name)?.fastest);
  return fastest === undefined
    ? {}
    : {
        advice: `Stop what is writing (${fastest}), or extend the pool: ${extendCommand(pool, resource)}.`,
      };
}

interface Basis {
  readonly trend: SpaceTrend;
  readonly limits: Limits;
}

/** By the first trend of the stage that holds. */
function foresee(
  { resource, target }: About,
  left: Forecast,
  { trend: { points }, limits }: Basis,
): Forecast | undefined {
  for (const trend of minutesStage.trends) {
    const level = levelOf(trend, resource, target);
    if (level === undefined || left.leftShare >= thresholds[level].value) continue;
    const pace = target === 'full' ? 1 : thresholds.minimumFreePace.value;
    const seconds = secondsLeft(trend, left.leftBytes, points, pace * horizonOf(trend, limits));
    if (seconds === undefined) continue;
    const reaction = thresholds.turnReaction.value * pace;
    if (trend.unlessItTurnedBefore === true && mayTurnAgain(points, left.leftBytes, seconds, reaction))
      continue;
    return { ...left, seconds };
  }
  return undefined;
}

/** Hysteresis: what was running out ends only at a better value than the one at which it began. */
function foreseeHeld(target: Target, left: Forecast, { points }: SpaceTrend): Forecast | undefined {
  const { hold } = minutesStage;
  if (hold === undefined) return undefined;
  const times = hold.windows.map((window) => left.leftBytes / growthOver(points, window));
  const soonest = Math.min(...times.filter((seconds) => Number.isFinite(seconds)));
  const rate = Number.isFinite(soonest) ? { seconds: soonest } : {};
  if (hold.horizon !== undefined && soonest < thresholds[hold.horizon].value) return { ...left, ...rate };
  const level = hold.left?.[target];
  return level !== undefined && left.leftShare < thresholds[level].value ? { ...left, ...rate } : undefined;
}

/**
 * Usage has been as high within the last hour and fell again without an extension, by as much as it has risen since: backups
 * and builds fill and empty a pool all day. It counts once it is clearly higher than before, or no time would be left then.
 */
function mayTurnAgain(
  points: readonly TrendPoint[],
  leftBytes: number,
  seconds: number,
  reaction: number,
): boolean {
  const last = points.at(-1);
  if (last === undefined) return false;
  const used = points.map(({ usedBytes }) => usedBytes);
  // The latest low: from there on it has been rising.
  const low = lowestAfterPeak(used);
  if (low === undefined) return false;
  const peak = Math.max(...used.slice(0, low.at));
  const fell = peak - low.used;
  const rose = last.usedBytes - low.used;
  const missing = fell * (1 + clearlyHigher) - rose;
  // Waiting that long must leave the time to act.
  const secondsThen = ((leftBytes - missing) / leftBytes) * seconds;
  return fell > 0 && missing > 0 && secondsThen >= reaction;
}

/** A quarter more than the fall before. */
const clearlyHigher = 0.25;

/** The lowest usage after the highest one before it: where the present rise began. Undefined if usage only ever rose. */
function lowestAfterPeak(
  used: readonly number[],
): { readonly at: number; readonly used: number } | undefined {
  let best: { at: number; used: number; fell: number } | undefined;
  let peak = Number.NEGATIVE_INFINITY;
  for (const [at, value] of used.entries()) {
    peak = Math.max(peak, value);
    const fell = peak - value;
    if (fell > 0 && (best === undefined || fell >= best.fell)) best = { at, used: value, fell };
  }
  return best;
}

/** By the first window; undefined unless every window puts the end within the horizon, in seconds. */
function secondsLeft(
  { windows }: Trend,
  leftBytes: number,
  points: readonly TrendPoint[],
  horizon: number,
): number | undefined {
  const times = windows.map((window) => leftBytes / growthOver(points, window));
  // Where polls are far apart, a sudden fill may have begun long before the last one, and ends before the next but one.
  const unseen = windows.includes('suddenWindow')
    ? 2 * Math.max(0, spanOf(points.slice(-2)) - usualInterval)
    : 0;
  return times.every((seconds) => seconds < horizon + unseen) ? times[0] : undefined;
}

/** Seconds between polls for which the horizons are made. */
const usualInterval = 5;

function horizonOf({ horizon }: Trend, { runsOutMs }: Limits): number {
  return horizon === 'minutesHorizon' ? runsOutMs / secondMs : thresholds[horizon].value;
}

/**
 * Bytes per second: usage now minus the lowest usage in the window, divided by the whole window. Unlike a linear fit, it never
 * exceeds what was really written, and a window that is not filled yet lowers it instead of raising it. Where polls are far apart,
 * the shortest windows are as long as one or two intervals.
 */
export function growthOver(points: readonly TrendPoint[], window: ThresholdName): number {
  const last = points.at(-1);
  if (last === undefined) return 0;
  const intervals = leastIntervals[window];
  const least = intervals === undefined ? 0 : spanOf(points.slice(-1 - intervals));
  const seconds = Math.max(thresholds[window].value, least);
  const within = points.filter(({ at }) => last.at - at <= seconds * secondMs);
  return (last.usedBytes - Math.min(...within.map(({ usedBytes }) => usedBytes))) / seconds;
}

const leastIntervals: Partial<Record<ThresholdName, number>> = { suddenWindow: 1, shortWindow: 2 };

/** Seconds from the first to the last; 0 over a gap. */
function spanOf(points: readonly TrendPoint[]): number {
  const [first, ...others] = points;
  const last = others.at(-1);
  if (first === undefined || last === undefined || others.some(({ afterGap }) => afterGap === true)) return 0;
  return (last.at - first.at) / secondMs;
}

function describe({ resource, target }: About, forecast: Forecast, trend: SpaceTrend): PoolHit {
  const { leftBytes, seconds } = forecast;
  const secondsToLimit = secondsTo(trend, target) ?? seconds;
  const left = `${formatBytes(leftBytes)} of ${resource} ${target === 'full' ? 'left' : 'left above its minimum free'}`;
  const hasStopped = trend.bytesPerSecond !== undefined && trend.bytesPerSecond <= 0;
  if (secondsToLimit === undefined || hasStopped)
    return { resource, target, message: `was filling up within the last hour, and has ${left}` };
  const growth = trend.bytesPerSecond === undefined ? '' : `, growing by ${formatRate(trend.bytesPerSecond)}`;
  const end = target === 'full' ? `is out of ${resource} space` : `is below its minimum free ${resource}`;
  return {
    resource,
    target,
    message: `${end} in ${formatAge(Math.max(1, secondsToLimit) * secondMs)} at the present growth: ${left}${growth}`,
    secondsLeft: secondsToLimit,
  };
}
