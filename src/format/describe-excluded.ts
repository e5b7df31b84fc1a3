/** `3 pools are left out by --pools.include or --pools.exclude`; undefined if none is. */
export function describeExcluded(count: number | undefined): string | undefined {
  if (count === undefined || count === 0) return undefined;
  return `${count === 1 ? '1 pool is' : `${count} pools are`} left out by --pools.include or --pools.exclude`;
}
