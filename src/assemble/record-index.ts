/** The record with a name; undefined if there is none. */
export type RecordOf<Fact> = (name: string) => Fact | undefined;

export interface RecordIndex<Fact> {
  readonly recordOf: RecordOf<Fact>;
  /** The names that had another record, or none, at the last call. */
  readonly changed: readonly string[];
}

interface Entry<Fact> {
  record: Fact;
  /** Of the last list that had it. */
  turn: number;
}

/**
 * Indexes lists of records by name; of duplicates the last counts. The index is one map that is kept and updated: of thousands
 * of records only a few are others than before, although the lists are new each time, and may have another order.
 */
export function createRecordIndex<Fact extends { readonly name: string }>(): (
  list: readonly Fact[],
) => RecordIndex<Fact> {
  const entries = new Map<string, Entry<Fact>>();
  const recordOf = (name: string) => entries.get(name)?.record;
  let before: readonly Fact[] | undefined;
  let turn = 0;
  return (list) => {
    if (list === before) return { recordOf, changed: [] };
    before = list;
    turn += 1;
    const changed: string[] = [];
    let count = 0;
    for (let at = list.length - 1; at >= 0; at -= 1) {
      const record = list[at] as Fact;
      const entry = entries.get(record.name);
      if (entry?.turn === turn) continue;
      count += 1;
      if (entry?.record !== record) changed.push(record.name);
      if (entry === undefined) entries.set(record.name, { record, turn });
      else {
        entry.record = record;
        entry.turn = turn;
      }
    }
    if (entries.size > count)
      for (const [name, entry] of entries)
        if (entry.turn !== turn) {
          entries.delete(name);
          changed.push(name);
        }
    return { recordOf, changed };
  };
}
