import type { DeviceNumber } from '../model/facts.ts';
import type { Pool } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';

/** When the kernel last reported an event of each pool, Unix ms. */
export type EventTimes = ReadonlyMap<DeviceNumber, number>;

/** Repeated events must not keep the host busy: within this time, only the first counts. */
const atMostEveryMs = secondMs;

/** How long an event causes fast polling: often another one follows. */
export const eventHoldsMs = 30 * secondMs;

/**
 * Adds events that the kernel reported now. Undefined is an event without a device, which may be of any pool. Returns the
 * same map if nothing is new.
 */
export function noteEvents(
  before: EventTimes,
  devices: readonly (DeviceNumber | undefined)[],
  pools: readonly Pick<Pool, 'device'>[],
  now: number,
): EventTimes {
  const affected = pools
    .map(({ device }) => device)
    .filter((device) => device !== undefined)
    .filter((device) => devices.includes(device) || devices.includes(undefined))
    .filter((device) => !isWithin(before.get(device), atMostEveryMs, now));
  if (affected.length === 0) return before;
  const kept = [...before].filter(([, at]) => isWithin(at, eventHoldsMs, now));
  return new Map([...kept, ...affected.map((device) => [device, now] as const)]);
}

/** A moment in the future means that the clock was set back: it does not count. */
export function isWithin(at: number | undefined, ms: number, now: number): boolean {
  return at !== undefined && at <= now && now - at < ms;
}
