import type { Finding } from '../src/model/finding.ts';
import type { Pool, Space } from '../src/model/host.ts';

/** What the exporter says about its host, as its API gives it. */
export interface Said {
  readonly pools: readonly Pool[];
  readonly findings: readonly Finding[];
}

/** One line a pool: how full, in which mode, and the worst that is found about it. */
export function statusLines({ pools, findings }: Said): readonly string[] {
  const width = Math.max(...pools.map(({ name }) => name.length));
  return pools.map((pool) => {
    const usage = `data ${percent(pool.data)}  metadata ${percent(pool.metadata)}`;
    return `  ${pool.name.padEnd(width)}  ${usage}  ${modeOf(pool).padEnd(17)}  ${worst(pool, findings)}`.trimEnd();
  });
}

function percent(space: Space | undefined): string {
  if (space === undefined) return '   ?  ';
  // Cut, not rounded: only a full pool is at 100 %.
  return `${(Math.floor((1000 * space.usedBlocks) / space.blocks) / 10).toFixed(1).padStart(5)}%`;
}

function modeOf({ counters, state }: Pool): string {
  return counters?.mode ?? state ?? 'not yet read';
}

/** Findings come worst first. */
function worst(pool: Pool, findings: readonly Finding[]): string {
  const [first, ...others] = findings.filter((finding) => finding.pool === pool.name);
  if (first === undefined) return 'well';
  return `${first.severity}: ${first.code}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}
