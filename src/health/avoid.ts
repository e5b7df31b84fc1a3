import type { Pool } from '../model/host.ts';
import { sickness } from '../safety/sickness.ts';

/** A pool of which nothing is known may be stuck: an exporter is often started anew amid trouble. */
export function reasonToAvoid(pool: Pool): string | undefined {
  return (
    sickness(pool) ?? (pool.state === undefined ? `the status of pool ${pool.name} is not known` : undefined)
  );
}
