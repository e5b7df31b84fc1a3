import { memoizeLast, memoizePer } from '../../model/memoize.ts';
import type { Pool, Volume } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { batchKey, planBatches, slowBatch } from '../../safety/batching.ts';
import { defineCollector, type Query, type Variant } from '../collector.ts';
import { leftOut } from '../shared/partly.ts';
import { inBatches, readerOf, statusOf } from './batch-status.ts';
import { dmsetup } from './command.ts';
import { scrambling } from './scrambling.ts';
import { parseVolumeStatus } from './volume-status.ts';

const collector = 'volumes';

// A volume's status takes its pool's metadata lock, so the volumes of an unhealthy pool are queried separately: if it hangs,
// only they are affected.
export const volumes = defineCollector({
  name: collector,
  help: 'Mapped blocks of each thin volume.',
  needs: dmsetup,
  scrambling,
  defaults: { intervalMs: 15 * secondMs, timeoutMs: 10 * secondMs },
  queries: (host, _, mode) => {
    const { batched, single } = planBatches(host, collector, mode);
    const blockedBy = slowBatch(host);
    const shared = batchesOf(...batched.map(namesOf)).map(
      (variant, at): Query => ({
        key: batchKey(at),
        keepWhenDropped: true,
        variants: [variant],
        ...(blockedBy === undefined ? {} : { blockedBy }),
      }),
    );
    return [...shared, ...single.flatMap(queryPool)];
  },
});

function namesOf({ excluded, volumes }: Pool): readonly string[] {
  return excluded ? none : namesIn(volumes);
}

const none: readonly string[] = [];
const namesIn = memoizePer((volumes: readonly Volume[]) => volumes.map(({ name }) => name));

function queryPool(pool: Pool): Query[] {
  return inBatches(namesOf(pool)).map((names, at) => ({
    key: at === 0 ? pool.dmName : `${pool.dmName}#${at}`,
    about: pool.dmName,
    keepWhenDropped: true,
    variants: [statusVariant(names)],
    ...blockFor(pool),
  }));
}

const batchesOf = memoizeLast((...lists: readonly (readonly string[])[]) =>
  keepVariants(inBatches(lists.flat())),
);

interface Kept {
  readonly names: readonly string[];
  readonly variant: Variant;
}

let kept: readonly Kept[] = [];

/** What is made for the same names as last time is the same: it knows the lines that it has read. */
function keepVariants(batches: readonly (readonly string[])[]): readonly Variant[] {
  kept = batches.map((names, at) => {
    const old = kept[at];
    const isSame =
      old?.names.length === names.length && names.every((name, index) => name === old.names[index]);
    return isSame ? old : { names, variant: statusVariant(names) };
  });
  return kept.map(({ variant }) => variant);
}

function statusVariant(names: readonly string[]): Variant {
  const read = readerOf(names, parseVolumeStatus);
  return {
    input: { command: statusOf(names) },
    parse: (output) => {
      const { records, unreadable } = read(output);
      return { volumeStatuses: records, ...leftOut(collector, unreadable) };
    },
  };
}

/**
 * Blocked until the status of the pool itself has returned: if that hangs, this would hang too. An overdue query of this
 * collector is no reason, or it would never run again.
 */
function blockFor({ name, late, state }: Pool): Pick<Query, 'blockedBy'> {
  if (late?.degree === 'stuck') return { blockedBy: `the status query of pool ${name} does not return` };
  if (state === undefined) return { blockedBy: `the status of pool ${name} is unknown` };
  return late === undefined || late.collector === collector
    ? {}
    : { blockedBy: `the status query of pool ${name} is overdue` };
}
