import type { PoolCounters } from '../model/facts.ts';
import type { Pool, PoolState, Resource } from '../model/pool.ts';
import { adviceAtMetadataLimit, lastMetadataBytes } from './extend-command.ts';
import { type PoolHit, type PoolRule, poolRule, type Rule } from './rule.ts';

/** A pool's state: the one just read or, where newer readings do not return, the last one there was. */
interface View {
  readonly state: PoolState;
  readonly counters: PoolCounters | undefined;
  readonly lastKnown: boolean;
  readonly pool: Pool;
}

function viewOf(pool: Pool): View | undefined {
  if (pool.state !== undefined) return { state: pool.state, counters: pool.counters, lastKnown: false, pool };
  const { lastKnown } = pool;
  return lastKnown && { state: lastKnown.state, counters: lastKnown.counters, lastKnown: true, pool };
}

/** A row of the ladder: the first whose proof holds is the pool's state. */
interface Step extends Omit<PoolRule, 'judge'> {
  readonly resource?: Resource;
  readonly says: string;
  /** Where it depends on the pool what can be done. */
  readonly adviceFor?: (view: View) => string;
  readonly proof: (view: View) => boolean;
}

const isMode =
  (mode: PoolCounters['mode']) =>
  ({ counters }: View) =>
    counters?.mode === mode;
const isDataFull = ({ counters }: View) =>
  counters !== undefined && counters.dataUsedBlocks === counters.dataBlocks;
const isMetadataFull = ({ counters }: View) =>
  counters !== undefined && counters.metadataUsedBlocks === counters.metadataBlocks;
const isAtMetadataLimit = ({ counters, pool }: View) =>
  counters !== undefined && lastMetadataBytes(pool, counters.metadataBlocks) !== undefined;

const ladder: readonly Step[] = [
  {
    code: 'pool-failed',
    severity: 'critical',
    meaning:
      'The kernel gave the pool up (status Fail): every read and write of its volumes fails until the metadata is repaired.',
    advice:
      'Stop what uses the pool, save dmesg, check the disks, deactivate the pool and repair its metadata (lvconvert --repair); then check every file system.',
    says: 'has failed: all I/O on its volumes gives errors',
    proof: ({ state }) => state === 'failed',
  },
  {
    code: 'pool-unreadable',
    severity: 'critical',
    meaning:
      "The kernel could not read the pool's numbers (status Error or nothing), usually on the way to failing.",
    advice: 'Treat it as failed: stop what uses the pool, read dmesg, check the disks under it.',
    says: 'cannot read its own metadata',
    proof: ({ state }) => state === 'unreadable',
  },
  {
    code: 'pool-needs-check',
    severity: 'critical',
    meaning:
      'A metadata operation failed and was rolled back. The pool cannot grow or become writable until its metadata is checked offline.',
    advice:
      'Stop what uses the pool, deactivate it, run thin_check or a repair; only then extend it, and check the file systems.',
    says: 'needs a metadata check: its last transaction was rolled back',
    proof: ({ counters, pool }) => counters?.needsCheck ?? pool.lvm?.checkNeeded ?? false,
  },
  {
    code: 'metadata-limit',
    severity: 'critical',
    resource: 'metadata',
    meaning:
      'Metadata is full at its largest size, 15.875 GiB, or at 15.8125 GiB, the most that LVM made before 2.03.12: next to nothing can be added.',
    advice: 'Delete snapshots and volumes that are not needed, or move to a pool with larger chunks.',
    says: 'has no free metadata block, and its metadata has its largest size',
    adviceFor: ({ pool, counters }) =>
      adviceAtMetadataLimit(pool, lastMetadataBytes(pool, counters?.metadataBlocks ?? 0) ?? 0),
    proof: (view) => isMetadataFull(view) && isAtMetadataLimit(view),
  },
  {
    code: 'metadata-full',
    severity: 'critical',
    resource: 'metadata',
    meaning: 'No metadata block is free: writes that need a new block fail, and so do deletions.',
    advice: 'Extend the metadata now: lvextend --poolmetadatasize +SIZE VG/POOL.',
    says: 'has no free metadata block',
    proof: isMetadataFull,
  },
  {
    code: 'pool-read-only',
    severity: 'critical',
    meaning:
      'The pool went read-only without being told to: a commit failed, or an old kernel gave up after no_space_timeout.',
    advice: 'Read dmesg, check the devices under the pool; deactivate and check it.',
    says: 'went read-only',
    proof: (view) => isMode('ro')(view) && !view.pool.table.features.includes('read_only'),
  },
  {
    code: 'data-full-failing',
    severity: 'critical',
    resource: 'data',
    meaning:
      'No data block is free and writes that need one fail with ENOSPC; file systems may have shut down.',
    advice:
      'Extend the pool (lvextend -L+SIZE VG/POOL) or free blocks; then stop what stood on the file systems, check them, and start it again.',
    says: 'is out of data space and fails writes',
    proof: (view) => isMode('out_of_data_space')(view) && view.counters?.noSpace === 'error',
  },
  {
    code: 'data-full-queueing',
    severity: 'critical',
    resource: 'data',
    meaning:
      'No data block is free and writes that need one wait, until no_space_timeout fails them (60 s by default).',
    advice: 'Extend the pool now (lvextend -L+SIZE VG/POOL): within no_space_timeout nothing is lost.',
    says: 'is out of data space and queues writes',
    proof: isMode('out_of_data_space'),
  },
  {
    code: 'data-full',
    severity: 'critical',
    resource: 'data',
    meaning: 'Every data block is used. The next write that needs one trips the pool.',
    advice: 'Extend the pool now (lvextend -L+SIZE VG/POOL), or free blocks.',
    says: 'has no free data block',
    proof: isDataFull,
  },
];

/** The broken states of a pool, worst first; a pool is in one of them at most. */
export const stateRules: readonly Rule[] = ladder.map(({ says, proof: _, resource, adviceFor, ...row }) =>
  poolRule({
    ...row,
    judge: (pool) => {
      const view = viewOf(pool);
      if (view === undefined || ladder.find((step) => step.proof(view))?.code !== row.code) return [];
      const advice = adviceFor && { advice: adviceFor(view) };
      const hit: PoolHit = view.lastKnown
        ? { says: `${says} (when it was last read)`, lastKnown: true, ...advice }
        : { says, ...advice };
      return [resource === undefined ? hit : { ...hit, resource }];
    },
  }),
);
