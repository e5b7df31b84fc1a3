/** Records by name, and which of them are others than at the last call. */
export interface RecordIndex<Fact> {
  readonly records: ReadonlyMap<string, Fact>;
  /** The names with another record; undefined where that may be any. */
  readonly changed: readonly string[] | undefined;
}

/**
 * Indexes lists of records by name; of duplicates the last counts. The index is one map that is kept and updated: of thousands
 * of records only a few are others than before, although the lists are new each time, and may have another order.
 */
export function createRecordIndex<Fact extends { readonly name: string }>(): (
  list: readonly Fact[],
) => RecordIndex<Fact> {
  let before: readonly Fact[] = [];
  let records = new Map<string, Fact>();
  return (list) => {
    const changed: string[] = [];
    for (const [at, record] of list.entries()) {
      if (record === before[at] || records.get(record.name) === record) continue;
      records.set(record.name, record);
      changed.push(record.name);
    }
    before = list;
    if (records.size === list.length) return { records, changed };
    // Some are gone, or there are duplicates.
    records = new Map(list.map((record) => [record.name, record]));
    return { records, changed: undefined };
  };
}
