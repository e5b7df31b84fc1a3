import type { Host } from '../model/host.ts';
import type { MinimumFreeOption } from '../model/pool.ts';

/** Entries of --minimum-free that name no pool of this host, as sentences. None while the pools are not known. */
export function unmatchedMinimumFrees(
  options: readonly MinimumFreeOption[],
  {
    discovered,
    pools,
    missingPools,
    excludedPools,
  }: Pick<Host, 'discovered' | 'pools' | 'missingPools' | 'excludedPools'>,
): readonly string[] {
  if (!discovered) return [];
  const names = new Set([...pools.map(({ name }) => name), ...missingPools.map(({ name }) => name)]);
  const excluded = excludedPools
    ? `${excludedPools} left out by --pools.include or --pools.exclude`
    : undefined;
  const shown = pools.length === 0 ? undefined : `pools: ${pools.map(({ name }) => name).join(', ')}`;
  const known = [shown, excluded].filter((part) => part !== undefined).join('; ') || 'there are no pools';
  return options.flatMap(({ pool, percent }) =>
    pool === undefined || names.has(pool)
      ? []
      : [
          `--minimum-free=${pool}=${percent}%: no pool ${pool} ${excluded === undefined ? 'on this host' : 'is watched'} (${known}); it applies if one appears`,
        ],
  );
}
