import type { Facts, PartialFacts } from '../model/facts.ts';
import type { CachedFacts } from './cached-facts.ts';

/** The facts that LVM reports per VG. */
const kinds = ['logicalVolumes', 'volumeGroups'] as const;
type Kind = (typeof kinds)[number];

/**
 * The fragments of all queries. If several have facts about a VG, only the newest counts for it: the others still cover the
 * VGs that the newest query was not about.
 */
export function newestPerVg(cachedFacts: readonly CachedFacts[]): readonly PartialFacts[] {
  const newestByKind = kinds.map((kind) => [kind, newestOf(cachedFacts, kind)] as const);
  return cachedFacts.map((cached) =>
    newestByKind.reduce((facts, [kind, newest]) => withoutOlder(facts, kind, newest, cached), cached.facts),
  );
}

function newestOf(cachedFacts: readonly CachedFacts[], kind: Kind): ReadonlyMap<string, CachedFacts> {
  const newest = new Map<string, CachedFacts>();
  for (const cached of cachedFacts) {
    for (const group of new Set(cached.facts[kind]?.map(groupOf))) {
      const before = newest.get(group);
      if (before === undefined || cached.takenAt > before.takenAt) newest.set(group, cached);
    }
  }
  return newest;
}

function withoutOlder(
  facts: PartialFacts,
  kind: Kind,
  newest: ReadonlyMap<string, CachedFacts>,
  cached: CachedFacts,
): PartialFacts {
  if (facts[kind] === undefined) return facts;
  const isOwn = (record: Facts[Kind][number]) => newest.get(groupOf(record)) === cached;
  return { ...facts, [kind]: facts[kind].filter(isOwn) };
}

function groupOf({ vgUuid, vgName }: Facts[Kind][number]): string {
  return vgUuid ?? vgName;
}
