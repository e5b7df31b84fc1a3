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
