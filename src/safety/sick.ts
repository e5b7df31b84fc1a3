import { isActive, type Pool } from '../model/pool.ts';

type JudgedPool = Pick<Pool, 'name' | 'suspended' | 'state' | 'counters' | 'table' | 'late'>;

/**
 * Why this pool is queried on its own, as a clause that names it; undefined if it is healthy. A pool that is merely full is
 * healthy: its metadata still commits. One with unknown status counts as sick: it may be stuck, and exporters are often
 * restarted during trouble.
 */
export function whySick(pool: JudgedPool): string | undefined {
  const symptom = symptomOf(pool);
  return symptom === undefined ? unknownStatus(pool) : `pool ${pool.name} ${symptom}`;
}

function symptomOf(pool: JudgedPool): string | undefined {
  const { state, counters, table } = pool;
  const reason = waiting(pool);
  if (reason !== undefined) return reason;
  if (state === 'failed') return 'has failed';
  if (counters?.needsCheck === true) return 'needs a metadata check';
  // With the table's feature the operator chose read-only; without it an error caused it (dm-thin.c, set_pool_mode).
  if (counters?.mode === 'ro' && !table?.features.includes('read_only')) return 'went read-only';
  return undefined;
}

/** A query of such a pool may hang. */
function waiting({ late, suspended, state }: JudgedPool): string | undefined {
  if (late?.degree === 'stuck') return `has a query by collector ${late.collector} stuck in the kernel`;
  if (late !== undefined)
    return `has an ${late.degree === 'slow' ? 'unusually slow' : 'overdue'} query by collector ${late.collector}`;
  if (suspended === true) return 'is suspended';
  return state === 'unreadable' ? 'has unreadable metadata' : undefined;
}

/**
 * Why this pool must not be queried with anything but `dmsetup status --noflush`; undefined if it may be. A pool
 * that settled in failure, read-only or with a flag to check it responds at once (seen: 6.1 and 7.2, lvs, vgs and thin
 * status under 0.6 s), and cannot be harmed by a commit: the kernel makes none in these modes (dm-thin.c, commit). LVM's
 * free space is then needed. A pool without a device blocks nothing.
 */
export function reasonToBlock(pool: Pool): string | undefined {
  if (!isActive(pool)) return undefined;
  const reason = waiting(pool);
  return reason === undefined ? unknownStatus(pool) : `pool ${pool.name} ${reason}`;
}

/**
 * Why a file system on a volume of this pool may hang, and what reads it as well; undefined if none should. A full pool holds
 * back what a file system writes, and what waits for that.
 */
export function whyMountsMayHang(pool: Pool): string | undefined {
  const isFull = pool.counters?.mode === 'out_of_data_space' || pool.data?.freeBytes === 0;
  return whySick(pool) ?? (isFull ? `pool ${pool.name} is out of data space` : undefined);
}

function unknownStatus({ name, state }: JudgedPool): string | undefined {
  return state === undefined ? `the status of pool ${name} is unknown` : undefined;
}
