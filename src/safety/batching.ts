import type { CollectorState, QueryState } from '../model/collector-state.ts';
import type { Host } from '../model/host.ts';
import { isActive, type Pool } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';
import { runningForMs, slowAfterMs } from './lateness.ts';
import { whySick } from './sick.ts';

/** The pools that one command may query together, and those to query one by one. */
export interface Batches {
  readonly batched: readonly Pool[];
  readonly single: readonly Pool[];
}

/** No device-mapper name contains a slash (kernel dm-ioctl.c, check_name), so no query of a single pool has such a key. */
const prefix = 'batch/';

export function batchKey(number: number): string {
  return `${prefix}${number}`;
}

/** Longer than a batch takes on a slow host, and far below the age limits; after that, each pool is queried on its own. */
const promptMs = 2 * secondMs;

/**
 * A command costs more than a pool in it, so a watch queries all healthy pools with one command. A hung pool blocks that
 * command for the others: if it is slow, or the latest one failed, every pool is also queried on its own, which shows the
 * pool at fault.
 */
export function planBatches(host: Host, collector: string, mode: 'watch' | 'once' = 'once'): Batches {
  const pools = host.pools.filter(isActive);
  const healthy = new Set(pools.filter((pool) => whySick(pool) === undefined));
  if (mode === 'once' || healthy.size < 2) return { batched: [], single: pools };
  const isTrusted = host.collectors
    .filter(({ name }) => name === collector)
    .flatMap(batchQueriesOf)
    .every((query) => isPrompt(query, host.takenAt));
  return {
    batched: [...healthy],
    single: isTrusted ? pools.filter((pool) => !healthy.has(pool)) : pools,
  };
}

function isPrompt(query: QueryState, now: number): boolean {
  const { outcome, stuckSince } = query;
  const isHealthy = outcome === undefined || outcome === 'ok';
  return isHealthy && stuckSince === undefined && (runningForMs(query, now) ?? 0) < promptMs;
}

/** Why any pool may be sick: a batched query is slow, and it is not known yet which pool it is stuck at. */
export function slowBatch({ collectors, takenAt }: Host): string | undefined {
  const slowCollector = collectors.find((collector) =>
    batchQueriesOf(collector).some((query) => (runningForMs(query, takenAt) ?? 0) > slowAfterMs),
  );
  return slowCollector && `a query of several pools by collector ${slowCollector.name} is unusually slow`;
}

/** The batched queries of a collector. */
function batchQueriesOf({ queries }: CollectorState): readonly QueryState[] {
  return queries.filter(({ key }) => key.startsWith(prefix));
}
