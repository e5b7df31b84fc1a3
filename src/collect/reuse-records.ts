import { isDeepStrictEqual } from 'node:util';
import type { Fragment } from '../model/facts.ts';

type Entry = readonly [word: string, records: readonly object[]];

/**
 * What was read, with each record that tells what it told before being the one from before: from one reading to the next a
 * few of thousands change, and only what is made of those is to be made again. A record is known again by its name, or else
 * by its place.
 */
export function keepRecords(before: Fragment | undefined, after: Fragment): Fragment {
  if (before === undefined) return after;
  const old = new Map<string, readonly object[]>(Object.entries(before));
  const entries = Object.entries(after).map(
    ([word, records]): Entry => [word, keepList(old.get(word) ?? [], records)],
  );
  return Object.fromEntries(entries);
}

function keepList(before: readonly object[], after: readonly object[]): readonly object[] {
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
    return isDeepStrictEqual(old, record) ? (old as object) : record;
  });
  const isSame = kept.length === before.length && kept.every((record, at) => record === before[at]);
  return isSame ? before : kept;
}

function nameOf(record: object): unknown {
  return 'name' in record ? record.name : undefined;
}
