import { dayMs, minuteMs } from '../model/units.ts';

/** The latest moment, Unix ms, at which it was this many minutes past midnight UTC. */
export function latestMoment(minuteOfDay: number, now: number): number {
  const today = Math.floor(now / dayMs) * dayMs + minuteOfDay * minuteMs;
  return today <= now ? today : today - dayMs;
}
