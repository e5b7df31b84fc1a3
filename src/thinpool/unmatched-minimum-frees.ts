import type { Host } from '../model/host.ts';
import type { MinimumFreeOption } from '../model/pool.ts';

/** Entries of --minimum-free that name no pool of this host, as sentences. None while the pools are not known. */
export function unmatchedMinimumFrees(
  options: readonly MinimumFreeOption[],
  { discovered, pools, missingPools }: Pick<Host, 'discovered' | 'pools' | 'missingPools'>,
): readonly string[] {
  if (!discovered) return [];
  const names = new Set([...pools.map(({ name }) => name), ...missingPools.map(({ name }) => name)]);
  const known =
    pools.length === 0 ? 'there are no pools' : `pools: ${pools.map(({ name }) => name).join(', ')}`;
  return options.flatMap(({ pool, percent }) =>
    pool === undefined || names.has(pool)
      ? []
      : [
          `--minimum-free=${pool}=${percent}%: no pool ${pool} on this host (${known}); it applies if one appears`,
        ],
  );
}
