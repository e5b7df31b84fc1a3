import type { Finding } from '../src/model/finding.ts';
import type { Pool, Space } from '../src/model/pool.ts';

/** The state of the host, as the API of the exporter reports it. */
export interface Said {
  readonly pools: readonly Pool[];
  readonly findings: readonly Finding[];
}

export function criticalOf({ findings }: Said, pool: string): readonly Finding[] {
  return findings.filter((finding) => finding.pool === pool && finding.severity === 'critical');
}

/** Truncated, not rounded: only a full pool is at 100%. */
export function percent(space: Space | undefined): string {
  return space === undefined ? '?' : `${Math.floor((100 * space.usedBlocks) / space.blocks)}%`;
}
