import type { DeviceNumber } from '../model/facts.ts';
import type { Pool } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';

/** When the kernel last told of an event of each pool, Unix ms. */
export type EventTimes = ReadonlyMap<DeviceNumber, number>;

/** An event that repeats must not keep the host busy: of those within this time the first one counts. */
const atMostEveryMs = secondMs;

/** For so long an event is a reason to look closely: another one often follows. */
export const eventHoldsMs = 30 * secondMs;

/**
 * Takes in that the kernel told of these devices now; undefined is one that it did not name, which may be any pool. The
 * very same map where that is nothing new.
 */
export function noteEvents(
  before: EventTimes,
  devices: readonly (DeviceNumber | undefined)[],
  pools: readonly Pick<Pool, 'device'>[],
  now: number,
): EventTimes {
  const concerned = pools
    .map(({ device }) => device)
    .filter((device) => device !== undefined)
    .filter((device) => devices.includes(device) || devices.includes(undefined))
    .filter((device) => !isWithin(before.get(device), atMostEveryMs, now));
  if (concerned.length === 0) return before;
  const kept = [...before].filter(([, at]) => isWithin(at, eventHoldsMs, now));
  return new Map([...kept, ...concerned.map((device) => [device, now] as const)]);
}

/** A moment in the future is of a clock that was set back: it is as good as none. */
export function isWithin(at: number | undefined, ms: number, now: number): boolean {
  return at !== undefined && at <= now && now - at < ms;
}
