import { isActive, type Pool } from '../model/pool.ts';

type SickPool = Pick<Pool, 'name' | 'suspended' | 'state' | 'counters' | 'table' | 'late'>;

/**
 * Why this pool is read on its own, as a clause that names it; undefined where there is no reason. A pool that is merely
 * full is well enough: its metadata still commits.
 */
export function sickness(pool: SickPool): string | undefined {
  const what = ailment(pool);
  return what === undefined ? undefined : `pool ${pool.name} ${what}`;
}

function ailment(pool: SickPool): string | undefined {
  const { state, counters, table } = pool;
  const reason = waiting(pool);
  if (reason !== undefined) return reason;
  if (state === 'failed') return 'has failed';
  if (counters?.needsCheck === true) return 'needs a metadata check';
  // The table's word is the operator's wish; without it the kernel went read-only after an error (dm-thin.c, set_pool_mode).
  if (counters?.mode === 'ro' && !table?.features.includes('read_only')) return 'went read-only';
  return undefined;
}

/** Whoever touches such a pool may wait, and not end. */
function waiting({ late, suspended, state }: SickPool): string | undefined {
  if (late?.degree === 'stuck') return `has a reading by ${late.source} stuck in the kernel`;
  if (late !== undefined)
    return `has an ${late.degree === 'slow' ? 'unusually slow' : 'overdue'} reading by ${late.source}`;
  if (suspended === true) return 'is suspended';
  return state === 'unreadable' ? 'has unreadable metadata' : undefined;
}

/** A pool of which nothing is known may be stuck: an exporter is often started anew amid trouble. */
export function reasonToAvoid(pool: Pool): string | undefined {
  return sickness(pool) ?? unknownStatus(pool);
}

/**
 * Why nobody should touch this pool with more than `dmsetup status --noflush`; undefined where there is no reason. A pool
 * that settled in failure, read-only or with a flag to check it answers at once (seen: 6.1 and 7.2, lvs, vgs and thin
 * status under 0.6 s), and cannot be harmed by a commit: the kernel makes none in these modes (dm-thin.c, commit). What
 * LVM has free is then what one needs to know. A pool without a device cannot keep anybody waiting.
 */
export function reasonToBlock(pool: Pool): string | undefined {
  if (!isActive(pool)) return undefined;
  const reason = waiting(pool);
  return reason === undefined ? unknownStatus(pool) : `pool ${pool.name} ${reason}`;
}

function unknownStatus({ name, state }: Pool): string | undefined {
  return state === undefined ? `the status of pool ${name} is not known` : undefined;
}
