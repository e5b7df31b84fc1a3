import type { Snapshot } from '../collect/monitor.ts';
import type { PoolGrowth } from './check/second-look.ts';

/** What `check` saw of a host. */
export interface Looked extends Pick<Snapshot, 'host' | 'findings'> {
  /** Of the pools that were looked at twice. */
  readonly growth: readonly PoolGrowth[];
}
