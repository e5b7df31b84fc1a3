import type { Pool } from '../model/pool.ts';

type SickPool = Pick<Pool, 'name' | 'suspended' | 'state' | 'counters' | 'table' | 'late'>;

/**
 * Why nobody should touch this pool with more than `dmsetup status --noflush`, as a clause that names it; undefined
 * where there is no reason. A pool that is merely full is well enough: its metadata still commits, and status,
 * LVM and Docker answer.
 */
export function sickness(pool: SickPool): string | undefined {
  const what = ailment(pool);
  return what === undefined ? undefined : `pool ${pool.name} ${what}`;
}

function ailment({ late, suspended, state, counters, table }: SickPool): string | undefined {
  if (late?.degree === 'stuck') return `has a query by collector ${late.source} stuck in the kernel`;
  if (late !== undefined)
    return `has an ${late.degree === 'slow' ? 'unusually slow' : 'overdue'} query by collector ${late.source}`;
  if (suspended) return 'is suspended';
  if (state === 'failed') return 'has failed';
  if (state === 'unreadable') return 'has unreadable metadata';
  if (counters?.needsCheck === true) return 'needs a metadata check';
  // The table's word is the operator's wish; without it the kernel went read-only after an error (dm-thin.c, set_pool_mode).
  if (counters?.mode === 'ro' && !table.features.includes('read_only')) return 'went read-only';
  return undefined;
}

/** A pool of which nothing is known may be stuck: an exporter is often started anew amid trouble. */
export function reasonToAvoid(pool: Pool): string | undefined {
  return (
    sickness(pool) ?? (pool.state === undefined ? `the status of pool ${pool.name} is unknown` : undefined)
  );
}
