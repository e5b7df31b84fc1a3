import { formatAge } from '../../format/duration.ts';
import { type Pool, type Resource, resources } from '../../model/pool.ts';
import type { PoolTrend } from '../../model/trend.ts';
import { minimumFreeOf } from '../../thinpool/minimum-free.ts';

/** A limit that a resource will reach at the current rate. 0 seconds: it has been reached. */
export interface TimeLeft {
  readonly resource: Resource;
  readonly target: 'minimum free' | 'full';
  readonly seconds: number;
}

/** The limits of both resources, soonest first. None: nothing grows, or growth is unknown. */
export function timesLeftOf(pool: Pool, trend: PoolTrend | undefined): readonly TimeLeft[] {
  return resources.flatMap((resource) => timesLeftOfSpace(pool, resource, trend)).sort(bySeconds);
}

/** The limits of one resource, soonest first. */
export function timesLeftOfSpace(
  pool: Pool,
  resource: Resource,
  trend: PoolTrend | undefined,
): readonly TimeLeft[] {
  const space = pool[resource];
  if (space === undefined) return [];
  const { secondsToMinimumFree, secondsToFull } = trend?.[resource] ?? {};
  const minimumFree = minimumFreeOf(pool, resource)?.bytes ?? 0;
  const times: readonly [TimeLeft['target'], number | undefined][] = [
    ['full', space.freeBytes === 0 ? 0 : secondsToFull],
    // For a full pool, the minimum is no news.
    [
      'minimum free',
      space.freeBytes === 0 ? undefined : space.freeBytes < minimumFree ? 0 : secondsToMinimumFree,
    ],
  ];
  return times
    .flatMap(([target, seconds]) => (seconds === undefined ? [] : [{ resource, target, seconds }]))
    .sort(bySeconds);
}

function bySeconds(one: TimeLeft, other: TimeLeft): number {
  return one.seconds - other.seconds;
}

const farSeconds = 60 * 86_400;

/** LVM is configured to extend the resource before that, and the VG has enough free space by what was read since the last extension. */
export function isExtendedBefore(
  { resource, seconds }: TimeLeft,
  { autoextend, lvm, roomOutdated }: Pool,
): boolean {
  const step = autoextend?.steps.find((one) => one.resource === resource);
  const isWatched = autoextend?.enabled === true && lvm?.monitored !== false;
  return isWatched && roomOutdated !== true && step?.shortfallBytes === 0 && seconds > slownessSeconds;
}

/** dmeventd checks every ten seconds and an extension takes a while, so a faster fill wins. */
const slownessSeconds = 60;

/** `full in 4m10s`. Distant times are not precise. */
export function describeTimeLeft({ target, seconds }: TimeLeft): string {
  const state = target === 'full' ? 'full' : 'below minimum free';
  if (seconds === 0) return state;
  return seconds > farSeconds
    ? `${state} in months`
    : `${state} in ${formatAge(Math.max(1, seconds) * 1000)}`;
}
