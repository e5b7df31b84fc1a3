/**
 * Memoizes the latest result: called again with identical arguments (compared one by one), it returns the same result.
 * For joins of facts, most of which do not change from one poll to the next.
 */
export function memoizeLast<Arguments extends readonly unknown[], Result>(
  make: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  let last: { readonly given: Arguments; readonly result: Result } | undefined;
  return (...given) => {
    const isSame =
      last !== undefined &&
      last.given.length === given.length &&
      last.given.every((argument, at) => argument === given[at]);
    if (last === undefined || !isSame) last = { given, result: make(...given) };
    return last.result;
  };
}

interface Known<Result> {
  byKey?: WeakMap<object, Known<Result>>;
  made?: { readonly result: Result };
}

/**
 * Computes once for each object, or each combination of objects, for as long as they exist. What is derived from the volumes
 * of a pool is needed every second, and their list is another one only if one of them has changed. `make` may depend on nothing
 * else, and the objects must not change.
 */
export function memoizePer<Keys extends readonly object[], Result>(
  make: (...keys: Keys) => Result,
): (...keys: Keys) => Result {
  const all: Known<Result> = {};
  return (...keys) => {
    const known = keys.reduce(knownUnder, all);
    known.made ??= { result: make(...keys) };
    return known.made.result;
  };
}

function knownUnder<Result>(known: Known<Result>, key: object): Known<Result> {
  known.byKey ??= new WeakMap();
  const next = known.byKey.get(key) ?? {};
  known.byKey.set(key, next);
  return next;
}
