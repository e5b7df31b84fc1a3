/** A timer this much late says that the process stood still: stopped by a signal, or starved. */
const stoppedMs = 1000;
/** What came in meanwhile is taken in within a few turns of the event loop. */
const catchUpMs = 1000;

/**
 * Calls back after `ms`, and a moment later where this process stood still meanwhile: what came in time may not have been
 * looked at yet, for timers come first. Returns the function that ends it.
 */
export function startTimeout(ms: number, callback: () => void): () => void {
  const dueAt = performance.now() + ms;
  let timer = setTimeout(() => {
    if (performance.now() - dueAt < stoppedMs) callback();
    else timer = setTimeout(callback, catchUpMs);
  }, ms);
  return () => clearTimeout(timer);
}
