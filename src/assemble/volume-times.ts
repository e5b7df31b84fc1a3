import type { VolumeStatus } from '../model/facts.ts';
import { memoizePer } from '../model/memoize.ts';
import type { CachedFacts } from './cached-facts.ts';

/** When the volume of these names that was read longest ago was read; undefined if none was. */
export type OldestReading = (names: readonly string[]) => number | undefined;

interface Batch {
  readonly names: readonly string[];
  records: readonly VolumeStatus[];
}

/**
 * When volumes were read. A query reads the same volumes each time, so which query reads which volume is found
 * again only if that changes. `facts` are oldest first: of two readings of a volume the later counts.
 */
export function createVolumeTimes(): (facts: readonly CachedFacts[]) => OldestReading {
  /** By query. */
  let batches = new Map<string, Batch>();
  /** By the name of a volume: the query. */
  let readers = new Map<string, string>();
  let areApart = false;
  let readersOf = memoizePer(findReaders);

  const rebuild = (outputs: ReadonlyMap<string, CachedFacts>): void => {
    batches = new Map();
    readers = new Map();
    let count = 0;
    for (const [query, { facts }] of outputs) {
      const records = facts.volumeStatuses ?? [];
      const names = records.map(({ name }) => name);
      batches.set(query, { names, records });
      for (const name of names) readers.set(name, query);
      count += names.length;
    }
    areApart = readers.size === count;
    readersOf = memoizePer(findReaders);
  };

  return (facts) => {
    const outputs = new Map<string, CachedFacts>();
    for (const output of facts)
      if (output.facts.volumeStatuses !== undefined) outputs.set(`${output.collector}/${output.key}`, output);
    const isKnown = areApart && batches.size === outputs.size && [...outputs].every(isSameBatch);
    if (!isKnown) rebuild(outputs);
    return (names) => {
      let oldest: number | undefined;
      for (const reader of readersOf(names)) {
        const takenAt = outputs.get(reader)?.takenAt;
        if (takenAt !== undefined && (oldest === undefined || takenAt < oldest)) oldest = takenAt;
      }
      return oldest;
    };
  };

  /** The queries that read these volumes: one or two for a pool, however many it has. */
  function findReaders(names: readonly string[]): ReadonlySet<string> {
    return new Set(names.flatMap((name) => readers.get(name) ?? []));
  }

  function isSameBatch([query, { facts }]: readonly [string, CachedFacts]): boolean {
    const batch = batches.get(query);
    const records = facts.volumeStatuses ?? [];
    if (batch === undefined || batch.names.length !== records.length) return false;
    if (batch.records === records) return true;
    batch.records = records;
    return records.every(({ name }, at) => name === batch.names[at]);
  }
}
