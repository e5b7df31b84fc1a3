import { isDeepStrictEqual } from 'node:util';
import type { PartialFacts } from '../model/facts.ts';

type Entry = readonly [word: string, records: readonly object[]];

/**
 * `after`, with every unchanged record replaced by the same object from `before`: of thousands of records only a few
 * change, and only what is derived from those is computed again. Records are matched by name, or else by position.
 */
export function reuseRecords(before: PartialFacts | undefined, after: PartialFacts): PartialFacts {
  if (before === undefined) return after;
  const old = new Map<string, readonly object[]>(Object.entries(before));
  const entries = Object.entries(after).map(
    ([kind, records]): Entry => [kind, reuseList(old.get(kind) ?? [], records)],
  );
  return Object.fromEntries(entries);
}

function reuseList(before: readonly object[], after: readonly object[]): readonly object[] {
  let byName: Map<unknown, object> | undefined;
  const find = (record: object, at: number): object | undefined => {
    const name = nameOf(record);
    const there = before[at];
    if (name === undefined || (there !== undefined && nameOf(there) === name)) return there;
    byName ??= new Map(before.map((one) => [nameOf(one), one]));
    return byName.get(name);
  };
  const kept = after.map((record, at) => {
    const old = find(record, at);
    return old === record || !isDeepStrictEqual(old, record) ? record : (old as object);
  });
  const isSame = kept.length === before.length && kept.every((record, at) => record === before[at]);
  return isSame ? before : kept;
}

function nameOf(record: object): unknown {
  return 'name' in record ? record.name : undefined;
}
