import type { Pool } from '../src/model/pool.ts';
import { type ExporterState, percent } from './exporter-state.ts';

const ranks: Readonly<Record<string, number>> = { critical: 0, warning: 1 };

/** The pools with data and metadata used, worst first, and how many more there are than fit into these columns. */
export function statusLine(state: ExporterState, columns: number): string {
  const all = state.pools
    .map((pool) => ({ pool, rank: rankOf(pool, state) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ pool }) => describe(pool));
  for (let shown = all.length; shown > 1; shown -= 1) {
    const line = lineOf(all, shown);
    if (line.length <= columns) return line;
  }
  return lineOf(all, 1);
}

function lineOf(all: readonly string[], shown: number): string {
  const more = all.length - shown;
  return [...all.slice(0, shown), ...(more > 0 ? [`${more} more`] : [])].join(' · ');
}

/** Findings come worst first. */
function rankOf({ name }: Pool, { findings }: ExporterState): number {
  const worst = findings.find(({ pool }) => pool === name);
  return ranks[worst?.severity ?? ''] ?? 2;
}

function describe(pool: Pool): string {
  const mode = pool.counters?.mode ?? pool.state ?? 'not read yet';
  const usage = `${pool.name} ${percent(pool.data)}/${percent(pool.metadata)}`;
  return mode === 'rw' ? usage : `${usage} ${mode}`;
}
