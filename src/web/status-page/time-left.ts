import { formatAge } from '../../format/duration.ts';
import { type Pool, type Resource, resources } from '../../model/pool.ts';
import type { PoolTrend } from '../../model/trend.ts';
import { floorOf } from '../../thinpool/minimum-free.ts';

/** Where a resource comes to if it goes on as it does; 0 seconds: it is there. */
export interface End {
  readonly resource: Resource;
  readonly what: 'floor' | 'full';
  readonly seconds: number;
}

/** The ends that are in sight, soonest first. None: nothing grows, or it is not known. */
export function endsOf(pool: Pool, trend: PoolTrend | undefined): readonly End[] {
  return resources.flatMap((resource) => endsOfSpace(pool, resource, trend)).sort(bySeconds);
}

/** The ends of one resource, soonest first. */
export function endsOfSpace(pool: Pool, resource: Resource, trend: PoolTrend | undefined): readonly End[] {
  const space = pool[resource];
  if (space === undefined) return [];
  const { secondsToFloor, secondsToFull } = trend?.[resource] ?? {};
  const floor = floorOf(pool, resource)?.bytes ?? 0;
  const times: readonly [End['what'], number | undefined][] = [
    ['full', space.freeBytes === 0 ? 0 : secondsToFull],
    // Of a full pool nobody needs to hear that it is below its floor.
    ['floor', space.freeBytes === 0 ? undefined : space.freeBytes < floor ? 0 : secondsToFloor],
  ];
  return times
    .flatMap(([what, seconds]) => (seconds === undefined ? [] : [{ resource, what, seconds }]))
    .sort(bySeconds);
}

function bySeconds(one: End, other: End): number {
  return one.seconds - other.seconds;
}

const farSeconds = 60 * 86_400;

/** LVM is set up to extend the resource before that, and has the room. */
export function isExtendedBefore(
  { resource, seconds }: End,
  { autoextend, lvm, roomOutdated }: Pool,
): boolean {
  const step = autoextend?.steps.find((one) => one.resource === resource);
  const isWatched = autoextend?.enabled === true && lvm?.monitored !== false;
  return isWatched && roomOutdated !== true && step?.shortfallBytes === 0 && seconds > slownessSeconds;
}

/** dmeventd looks every ten seconds, and an extension takes some: what is quicker overtakes it. */
const slownessSeconds = 60;

/** `floor in 4m10s`, `full now`, and nothing precise about what is far away. */
export function describeEnd({ what, seconds }: End): string {
  if (seconds === 0) return what === 'full' ? 'full' : 'below its floor';
  return seconds > farSeconds ? `${what} in months` : `${what} in ${formatAge(Math.max(1, seconds) * 1000)}`;
}
