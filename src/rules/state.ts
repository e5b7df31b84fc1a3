import { formatBytes } from '../format/bytes.ts';
import type { LvmHealth, PoolCounters } from '../model/facts.ts';
import { isActive, isCounted, type Pool, type PoolState, type Resource } from '../model/pool.ts';
import { metadataBlockBytes, sectorBytes } from '../model/units.ts';
import { extendCommand } from './commands.ts';
import { adviceAtMetadataLimit, lastMetadataBytes } from './metadata-limit.ts';
import { checkMetadata, repairMetadata } from './remedies.ts';
import { type PoolHit, type PoolRule, poolRule, type Rule } from './rule.ts';

/** A pool's state: the one just read or, where newer queries do not return, the last known one. */
interface KnownState {
  readonly state: PoolState;
  readonly counters: PoolCounters | undefined;
  readonly lastKnown: boolean;
  readonly pool: Pool;
}

function knownStateOf(pool: Pool): KnownState | undefined {
  if (pool.presence === 'inactive') return undefined;
  if (!isActive(pool)) return reportedState(pool);
  if (pool.state !== undefined) return { state: pool.state, counters: pool.counters, lastKnown: false, pool };
  const { lastKnown } = pool;
  return lastKnown && { state: lastKnown.state, counters: lastKnown.counters, lastKnown: true, pool };
}

/** What LVM says of the state of a pool whose status cannot be read. */
function reportedState(pool: Pool): KnownState {
  const state = pool.lvm?.health === 'failed' ? 'failed' : 'readable';
  return { state, counters: undefined, lastKnown: false, pool };
}

const isUncountedFull = ({ pool }: KnownState, resource: Resource) =>
  pool[resource] !== undefined && !isCounted(pool[resource]) && pool[resource].freeBytes === 0;

/** A row of the ladder: the first whose proof holds is the pool's state. */
interface StateRow extends Omit<PoolRule, 'judge'> {
  readonly resource?: Resource;
  readonly message: (known: KnownState) => string;
  readonly proof: (known: KnownState) => boolean;
}

const isMode =
  (mode: PoolCounters['mode']) =>
  ({ counters }: KnownState) =>
    counters?.mode === mode;
const hasHealth =
  (health: LvmHealth) =>
  ({ counters, pool }: KnownState) =>
    counters === undefined && pool.presence === 'unseen' && pool.lvm?.health === health;
const isDataFull = (known: KnownState) =>
  known.counters === undefined
    ? isUncountedFull(known, 'data') || hasHealth('out_of_data')(known)
    : known.counters.dataUsedBlocks === known.counters.dataBlocks;
const isMetadataFull = (known: KnownState) =>
  known.counters === undefined
    ? isUncountedFull(known, 'metadata')
    : known.counters.metadataUsedBlocks === known.counters.metadataBlocks;
const isAtMetadataLimit = ({ counters, pool }: KnownState) =>
  counters !== undefined && lastMetadataBytes(pool, counters.metadataBlocks) !== undefined;

/** Both figures, because a pool is out of data space for a moment after blocks were freed. */
const dataUse = ({ counters, pool }: KnownState) => {
  const blockBytes = (pool.table?.blockSectors ?? 0) * sectorBytes;
  const { usedBytes = 0, sizeBytes = 0 } =
    counters === undefined
      ? (pool.data ?? {})
      : { usedBytes: counters.dataUsedBlocks * blockBytes, sizeBytes: counters.dataBlocks * blockBytes };
  return `${formatBytes(usedBytes)} of ${formatBytes(sizeBytes)} used`;
};
const metadataUse = ({ counters, pool }: KnownState) => {
  const sizeBytes =
    counters === undefined ? pool.metadata?.sizeBytes : counters.metadataBlocks * metadataBlockBytes;
  return `all ${formatBytes(sizeBytes ?? 0)} are used`;
};

const states: readonly StateRow[] = [
  {
    code: 'pool-failed',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolFailed',
    meaning:
      'The kernel has marked the pool failed (status Fail): every read and write of its volumes returns an error until the metadata is repaired.',
    advice: (pool) =>
      `Stop everything that uses the pool, save dmesg, and check the disks. Then ${repairMetadata(pool)}, and check every file system on it.`,
    message: () => 'has failed: every read and write of its volumes returns an error',
    proof: ({ state }) => state === 'failed',
  },
  {
    code: 'pool-unreadable',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolFailed',
    meaning:
      'The kernel cannot read the metadata of the pool (status Error, or no status). Usually the pool fails next.',
    advice:
      'Treat it as failed: stop everything that uses the pool, read dmesg, and check the disks under it.',
    message: () => 'has metadata that the kernel cannot read',
    proof: ({ state }) => state === 'unreadable',
  },
  {
    code: 'pool-needs-check',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolNeedsCheck',
    meaning:
      'A metadata operation failed and was rolled back. The pool cannot grow or become writable until its metadata is checked offline.',
    advice: (pool) =>
      `Stop everything that uses the pool, and check its metadata: ${checkMetadata(pool)}. Extend it only after that, and check the file systems.`,
    // Linux 5.10 sets the flag when it runs out of metadata.
    message: (known) => {
      const full = isMetadataFull(known) ? `; it has no free metadata block: ${metadataUse(known)}` : '';
      return `needs a metadata check: its last transaction was rolled back${full}`;
    },
    proof: ({ counters, pool }) => counters?.needsCheck ?? pool.lvm?.checkNeeded ?? false,
  },
  {
    code: 'metadata-limit',
    severity: 'critical',
    about: 'setup',
    alert: 'ThinPoolFull',
    resource: 'metadata',
    meaning:
      'All metadata blocks are used, and the metadata has its largest size: 15.875 GiB, or 15.8125 GiB, the maximum of LVM before 2.03.12. Next to nothing can be added.',
    advice: (pool) =>
      adviceAtMetadataLimit(pool) ??
      'Delete snapshots and volumes that are not needed, or move the data to a pool with larger chunks.',
    message: (known) =>
      `has no free metadata block (${metadataUse(known)}), and its metadata has its largest size`,
    proof: (known) => isMetadataFull(known) && isAtMetadataLimit(known),
  },
  {
    code: 'metadata-full',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolFull',
    resource: 'metadata',
    meaning: 'All metadata blocks are used: writes that need a new block fail, and so do deletions.',
    advice: (pool) => `Extend the metadata now: ${extendCommand(pool, 'metadata')}.`,
    message: (known) => `has no free metadata block: ${metadataUse(known)}`,
    proof: isMetadataFull,
  },
  {
    code: 'pool-read-only',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolReadOnly',
    meaning:
      'The kernel switched the pool to read-only: a metadata commit failed, or an old kernel gave up after no_space_timeout.',
    advice: (pool) =>
      `Read dmesg and check the devices under the pool. Then stop everything that uses the pool, and check its metadata: ${checkMetadata(pool)}.`,
    message: () => 'was switched to read-only by the kernel: writes that need a new block fail',
    proof: (known) =>
      hasHealth('metadata_read_only')(known) ||
      (isMode('ro')(known) && !known.pool.table?.features.includes('read_only')),
  },
  {
    code: 'data-full-failing',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolFull',
    resource: 'data',
    meaning:
      'All data blocks are used, and writes that need one fail with ENOSPC. File systems on the pool may have shut down.',
    advice: (pool) =>
      `Extend the pool: ${extendCommand(pool, 'data')}. Or free blocks. Then stop everything that uses its file systems, check them, and start it again.`,
    message: (known) => `is out of data space (${dataUse(known)}); writes fail`,
    proof: (known) => isMode('out_of_data_space')(known) && known.counters?.noSpace === 'error',
  },
  {
    code: 'data-full-queueing',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolFull',
    resource: 'data',
    meaning:
      'All data blocks are used, and writes that need one wait until no_space_timeout fails them (60 s by default).',
    advice: (pool) =>
      `Extend the pool now: ${extendCommand(pool, 'data')}. Nothing is lost if it grows within no_space_timeout.`,
    message: (known) => `is out of data space (${dataUse(known)}); writes are queued`,
    proof: isMode('out_of_data_space'),
  },
  {
    code: 'data-full',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolFull',
    resource: 'data',
    meaning: 'All data blocks are used. The next write that needs one puts the pool out of data space.',
    advice: (pool) => `Extend the pool now: ${extendCommand(pool, 'data')}. Or free blocks.`,
    message: (known) => `has no free data block: ${dataUse(known)}`,
    proof: isDataFull,
  },
];

/** The broken states of a pool, worst first; a pool is in one of them at most. */
export const stateRules: readonly Rule[] = states.map(({ message, proof: _, resource, ...row }) =>
  poolRule({
    ...row,
    judge: (pool) => {
      const known = knownStateOf(pool);
      if (known === undefined || states.find((step) => step.proof(known))?.code !== row.code) return [];
      const hit: PoolHit = known.lastKnown
        ? { message: `${message(known)} (as last read)`, lastKnown: true }
        : { message: message(known) };
      return [resource === undefined ? hit : { ...hit, resource }];
    },
  }),
);
