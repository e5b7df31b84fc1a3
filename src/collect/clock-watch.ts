/** How far it is from the moment at which a look was due. */
export interface Drift {
  /** By the monotonic clock: this process, or the machine, did nothing for so long. */
  readonly lateMs: number;
  /** By how much the wall clock was set, beyond that; negative when it was set back. */
  readonly setMs: number;
}

/** NTP's slewing makes half a millisecond in a second. */
export const driftMs = 1000;

/**
 * A schedule by the wall clock has to come after this: set back by an hour it would be silent for as long, and set forward
 * by a year, as on a machine that booted without a battery, it would catch up with each second of it.
 */
const aheadMs = 5;

/** Looks at the clock just before each second, and tells when it is not what it should be. Returns the function that ends it. */
export function watchClock(tell: (drift: Drift) => void): () => void {
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
      if (lateMs >= driftMs || Math.abs(setMs) >= driftMs) tell({ lateMs, setMs });
      arm();
    }, waitMs);
  };
  arm();
  return () => clearTimeout(timer);
}
