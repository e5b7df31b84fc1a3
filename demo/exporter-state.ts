import type { Finding } from '../src/model/finding.ts';
import type { Space } from '../src/model/pool.ts';
import type { FindingsJson, PoolsJson } from '../src/web/api/responses.ts';

/** The state of the host, as the API of the exporter reports it. */
export interface ExporterState {
  readonly pools: PoolsJson['pools'];
  readonly findings: FindingsJson['findings'];
}

export function criticalOf({ findings }: ExporterState, pool: string): readonly Finding[] {
  return findings.filter((finding) => finding.pool === pool && finding.severity === 'critical');
}

/** Truncated, not rounded: only a full pool is at 100%. */
export function percent(space: Space | undefined): string {
  return space === undefined ? '?' : `${Math.floor((100 * space.usedBytes) / space.sizeBytes)}%`;
}
