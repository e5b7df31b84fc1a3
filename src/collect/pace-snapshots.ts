import type { Snapshot } from '../model/host.ts';
import type { Monitor } from './monitor.ts';

/** Work on behalf of requests may use at most a fifth of the time. */
export const restRatio = 4;

/**
 * The snapshot for requests: with all facts that have come, or the latest one as long as taking it has to be rested for.
 * On a host with thousands of volumes facts come many times a second, and each time a request would join all of them.
 * Beats take snapshots once a second in any case, so none is older.
 */
export function paceSnapshots(
  monitor: Pick<Monitor, 'current' | 'latest'>,
  clock: () => number = () => performance.now(),
): () => Snapshot {
  let restUntil = Number.NEGATIVE_INFINITY;
  return () => {
    const before = monitor.latest();
    const startedAt = clock();
    if (startedAt < restUntil) return before;
    const snapshot = monitor.current();
    const now = clock();
    if (snapshot !== before) restUntil = now + restRatio * (now - startedAt);
    return snapshot;
  };
}
