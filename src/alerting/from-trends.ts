import { formatBytes } from '../format/bytes.ts';
import type { Host } from '../model/host.ts';
import { type Pool, type Resource, resources, type Space } from '../model/pool.ts';
import type { PoolTrend, TrendPoint } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import { runbookOf } from '../rules/runbooks.ts';
import { minimumFreeOf } from '../thinpool/minimum-free.ts';
import type { RaisedAlert, TargetLabels } from './alert.ts';
import { describeForecast, describeTime } from './annotations.ts';
import { labelsOf } from './labels.ts';
import { levelOf, type Stage, stagesOf, type Target, type Trend, targets } from './stages.ts';
import { type ThresholdName, thresholds } from './thresholds.ts';

/** What is left, and for how many seconds. */
interface Forecast {
  readonly leftBytes: number;
  readonly seconds: number;
}

/**
 * What runs out within minutes, by the same windows, horizons and levels as in the rules, but from every poll instead of
 * every scrape. The conditions that keep a rule firing are not needed here: the notifier keeps the alert.
 */
export function alertsOfTrends(
  host: Pick<Host, 'discovered' | 'pools' | 'takenAt'>,
  trends: readonly PoolTrend[],
  target: TargetLabels,
): readonly RaisedAlert[] {
  if (!host.discovered) return [];
  const trendOf = new Map(trends.map((trend) => [trend.pool, trend]));
  return host.pools.flatMap((pool) =>
    resources.flatMap((resource) =>
      stagesOf('fast').flatMap((stage) =>
        targets.flatMap((end) => {
          const points = trendOf.get(pool.name)?.[resource]?.points ?? [];
          const forecast = foresee(stage, pool, resource, end, points);
          return forecast === undefined
            ? []
            : [raise(stage, { pool, resource, end, forecast }, target, host.takenAt)];
        }),
      ),
    ),
  );
}

function foresee(
  stage: Stage,
  pool: Pool,
  resource: Resource,
  end: Target,
  points: readonly TrendPoint[],
): Forecast | undefined {
  const space = pool[resource];
  const leftBytes = space && leftOf(pool, resource, space, end);
  if (space === undefined || leftBytes === undefined) return undefined;
  if (stage.unlessExtended === true && extendsItself(pool, resource, space)) return undefined;
  for (const trend of stage.trends) {
    const seconds = secondsLeft(trend, leftBytes, points);
    const level = levelOf(trend, resource, end);
    const isLow = level !== undefined && leftBytes / space.sizeBytes < thresholds[level].value;
    if (isLow && seconds !== undefined) return { leftBytes, seconds };
  }
  return undefined;
}

/** Docker compares the free blocks of the pool, even where the file system under a loop file has less. */
function leftOf(pool: Pool, resource: Resource, space: Space, end: Target): number | undefined {
  if (end === 'full') return space.availableBytes;
  const minimumFree = minimumFreeOf(pool, resource);
  return minimumFree && Math.max(0, space.freeBytes - minimumFree.bytes);
}

/** By the first window; undefined unless every window puts the end within the horizon. */
function secondsLeft(
  { windows, horizon }: Trend,
  leftBytes: number,
  points: readonly TrendPoint[],
): number | undefined {
  const times = windows.map((window) => leftBytes / growthOver(points, window));
  return times.every((seconds) => seconds < thresholds[horizon].value) ? times[0] : undefined;
}

/** Bytes per second: usage now minus the lowest usage in the window, divided by the whole window. */
function growthOver(points: readonly TrendPoint[], window: ThresholdName): number {
  const seconds = thresholds[window].value;
  const last = points.at(-1);
  if (last === undefined) return 0;
  const within = points.filter(({ at }) => last.at - at <= seconds * secondMs);
  return (last.usedBytes - Math.min(...within.map(({ usedBytes }) => usedBytes))) / seconds;
}

/** LVM monitors the pool, the next step fits by what was read since the last extension, and the pool is not already overdue for one. */
function extendsItself({ autoextend, lvm, roomOutdated }: Pool, resource: Resource, space: Space): boolean {
  if (
    roomOutdated === true ||
    autoextend === undefined ||
    lvm?.monitored !== true ||
    autoextend.thresholdPercent >= 100
  )
    return false;
  const step = autoextend.steps.find((candidate) => candidate.resource === resource);
  const beyond = space.usedBytes / space.sizeBytes - autoextend.thresholdPercent / 100;
  return step?.shortfallBytes === 0 && beyond < thresholds.autoextendGrace.value;
}

interface RunningOut {
  readonly pool: Pool;
  readonly resource: Resource;
  readonly end: Target;
  readonly forecast: Forecast;
}

function raise(
  { alert, severity, keepFiringFor }: Stage,
  { pool, resource, end, forecast }: RunningOut,
  target: TargetLabels,
  now: number,
): RaisedAlert {
  return {
    labels: {
      ...target,
      pool: pool.name,
      ...labelsOf({ severity, resource, target: end }),
      alertname: alert,
    },
    annotations: {
      ...describeForecast(resource, end, {
        subject: `Pool ${pool.name} on ${target['instance'] ?? ''}`,
        left: formatBytes(forecast.leftBytes),
        time: describeTime(forecast.seconds),
      }),
      runbook_url: runbookOf(alert),
    },
    since: now,
    keepMs: keepFiringFor * secondMs,
  };
}
