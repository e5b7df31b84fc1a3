import type { Pool } from '../model/pool.ts';

/** Whether writes to new blocks of the pool fail or hang, as last known: it is out of data or metadata, read-only, or failed. */
export function deniesWrites({ state, counters, lastKnown, data, metadata }: Pool): boolean {
  const known = state === undefined ? lastKnown : { state, counters };
  const mode = known?.counters?.mode;
  return (
    known?.state === 'failed' ||
    mode === 'ro' ||
    mode === 'out_of_data_space' ||
    known?.counters?.needsCheck === true ||
    data?.freeBytes === 0 ||
    metadata?.freeBytes === 0
  );
}
