/**
 * The function with its latest result kept: asked again with the very same arguments, one by one, it gives that one
 * again. For joins of what was read: most readings tell what the reading before them told.
 */
export function rememberLast<Arguments extends readonly unknown[], Result>(
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
