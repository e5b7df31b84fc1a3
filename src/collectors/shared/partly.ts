import type { PartialFacts } from '../../model/facts.ts';
import { ParseError } from './errors.ts';

/** What could be read of an output, and why the rest could not. */
export interface Partly<Record> {
  readonly records: readonly Record[];
  /** A sentence for each record that was left out. */
  readonly unreadable: readonly string[];
}

/**
 * Reads records one by one, so that an odd one costs only itself. Where none can be read the output as a whole is not
 * what was expected: throws what the first one throws.
 */
export function readEach<Item, Record>(items: readonly Item[], read: (item: Item) => Record): Partly<Record> {
  const records: Record[] = [];
  const errors: ParseError[] = [];
  for (const item of items) {
    try {
      records.push(read(item));
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      errors.push(error);
    }
  }
  const [first] = errors;
  if (first !== undefined && records.length === 0) throw first;
  return { records, unreadable: errors.map(({ message }) => message) };
}

/** The facts that say what a collector left out; no facts where it left out nothing. */
export function leftOut(collector: string, unreadable: readonly string[]): Pick<PartialFacts, 'unreadable'> {
  return unreadable.length === 0 ? {} : { unreadable: unreadable.map((reason) => ({ collector, reason })) };
}
