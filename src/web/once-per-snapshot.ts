import type { Snapshot } from '../model/host.ts';

/**
 * Makes a value when it is first requested, and at most once per snapshot: the number of requests does not matter. Only
 * the latest value is kept. `isCurrent`: whether it still holds, apart from the snapshot.
 */
export function oncePerSnapshot<Value>(
  latest: () => Snapshot,
  make: (snapshot: Snapshot) => Value,
  isCurrent: (value: Value) => boolean = () => true,
): () => Value {
  let made: { readonly snapshot: Snapshot; readonly value: Value } | undefined;
  return () => {
    const snapshot = latest();
    if (made?.snapshot !== snapshot || !isCurrent(made.value)) made = { snapshot, value: make(snapshot) };
    return made.value;
  };
}
