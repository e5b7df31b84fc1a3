import type { Host } from '../../model/host.ts';
import { memoizeLast } from '../../model/memoize.ts';
import type { Volume } from '../../model/pool.ts';

const join = memoizeLast((...lists: readonly (readonly Volume[])[]) => lists.flat());

/** The listed volumes of all pools that are watched. The same list as before while none of them has changed. */
export function watchedVolumes({ pools }: Host): readonly Volume[] {
  return join(...pools.filter(({ excluded }) => excluded !== true).map(({ volumes }) => volumes));
}
