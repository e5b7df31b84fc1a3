/** How far a timer was off. */
export interface Drift {
  /** Delay by the monotonic clock, in ms: this process or the machine was stalled. */
  readonly lateMs: number;
  /** By how many ms the wall clock was set, beyond that; negative if it was set back. */
  readonly setMs: number;
}

/** Drift to report. NTP slews by at most half a millisecond per second. */
export const driftMs = 1000;

/**
 * The check runs just before the cron schedule, which follows the wall clock: set back by an hour, the schedule would be
 * silent for an hour; set forward by a year, as after booting without a clock battery, it would catch up second by second.
 */
const aheadMs = 5;

/** Checks the clock just before each second and reports drift. Returns the function that stops it. */
export function watchClock(onDrift: (drift: Drift) => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    const now = Date.now();
    const rest = 1000 - aheadMs - (now % 1000);
    const waitMs = rest > 0 ? rest : rest + 1000;
    const wallAt = now + waitMs;
    const dueAt = performance.now() + waitMs;
    timer = setTimeout(() => {
      const lateMs = performance.now() - dueAt;
      const setMs = Date.now() - wallAt - lateMs;
      if (lateMs >= driftMs || Math.abs(setMs) >= driftMs) onDrift({ lateMs, setMs });
      arm();
    }, waitMs);
  };
  arm();
  return () => clearTimeout(timer);
}
