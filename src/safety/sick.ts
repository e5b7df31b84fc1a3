import type { Pool } from '../model/pool.ts';

type JudgedPool = Pick<Pool, 'name' | 'suspended' | 'state' | 'counters' | 'table' | 'late'>;

/**
 * Why this pool must not be queried with anything but `dmsetup status --noflush`, as a clause that names it; undefined if
 * it is healthy. A pool that is merely full is healthy: its metadata still commits, and status, LVM and Docker respond. One
 * with unknown status counts as sick: it may be stuck, and exporters are often restarted during trouble.
 */
export function whySick(pool: JudgedPool): string | undefined {
  const symptom = symptomOf(pool);
  if (symptom !== undefined) return `pool ${pool.name} ${symptom}`;
  return pool.state === undefined ? `the status of pool ${pool.name} is unknown` : undefined;
}

function symptomOf({ late, suspended, state, counters, table }: JudgedPool): string | undefined {
  if (late?.degree === 'stuck') return `has a query by collector ${late.collector} stuck in the kernel`;
  if (late !== undefined)
    return `has an ${late.degree === 'slow' ? 'unusually slow' : 'overdue'} query by collector ${late.collector}`;
  if (suspended) return 'is suspended';
  if (state === 'failed') return 'has failed';
  if (state === 'unreadable') return 'has unreadable metadata';
  if (counters?.needsCheck === true) return 'needs a metadata check';
  // With the table's feature the operator chose read-only; without it an error caused it (dm-thin.c, set_pool_mode).
  if (counters?.mode === 'ro' && !table.features.includes('read_only')) return 'went read-only';
  return undefined;
}
