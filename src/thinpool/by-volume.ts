import { memoizePer } from '../model/memoize.ts';
import type { Volume } from '../model/pool.ts';

/** A fact about a volume. A number and a name are used again, so both say which volume it is. */
type AboutVolume = Pick<Volume, 'name' | 'device'>;

const indexed = memoizePer(
  (list: readonly AboutVolume[]): ReadonlyMap<string, AboutVolume> =>
    new Map(list.map((one) => [one.name, one])),
);

/** Finds the fact about a volume; undefined if there is none. Indexed once for each list, which changes when it is read. */
export function byVolume<Fact extends AboutVolume>(
  list: readonly Fact[],
): (volume: AboutVolume) => Fact | undefined {
  const index = indexed(list);
  return ({ name, device }) => {
    const found = index.get(name);
    return found?.device === device ? (found as Fact) : undefined;
  };
}
