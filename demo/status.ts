import type { Pool } from '../src/model/pool.ts';
import { type ExporterState, percent } from './exporter-state.ts';

const ranks: Readonly<Record<string, number>> = { critical: 0, warning: 1 };

/** All pools in one line, with data and metadata used. Worst first, because the terminal may truncate the line. */
export function statusLine(state: ExporterState): string {
  return state.pools
    .map((pool) => ({ pool, rank: rankOf(pool, state) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ pool }) => describe(pool))
    .join(' · ');
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
