import type { PoolCounters } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { Pool } from '../model/pool.ts';
import type { QuestionState, SourceState } from '../model/source-state.ts';
import { formatAge } from './duration.ts';

/** The state of a pool in a few words, the worst that is true of it. Unknown is a state of its own. */
export function describeState({
  state,
  counters,
  suspended,
}: Pick<Pool, 'state' | 'counters' | 'suspended'>): string {
  if (state === 'failed') return 'failed';
  if (state === 'unreadable') return 'unreadable';
  if (counters?.needsCheck === true) return 'needs check';
  const words = counters === undefined ? 'unknown' : describeMode(counters);
  return suspended ? `suspended, ${words}` : words;
}

/** The kernel says nothing of the mode before target 1.3: such a pool is read-write until it fails. */
function describeMode({ mode, noSpace }: PoolCounters): string {
  if (mode === 'ro') return 'read-only';
  if (mode !== 'out_of_data_space') return 'read-write';
  const writes = { queue: ', writes are queued', error: ', writes fail' };
  return `out of data space${noSpace === undefined ? '' : writes[noSpace]}`;
}

/** Why nothing or not all is known, for a line above a list of pools; undefined where all is well. */
export function describeGap({ discovered }: Host): string | undefined {
  return discovered
    ? undefined
    : 'Device-mapper has not been read, or its data has expired: no pool data available.';
}

/** What is the matter with a source, or undefined. */
export function describeTrouble(source: SourceState, now: number): string | undefined {
  if (source.stuckSince !== undefined) return `stuck in the kernel for ${formatAge(now - source.stuckSince)}`;
  if (source.heldBack !== undefined) return `skipped: ${source.heldBack}`;
  const failed = source.questions.find(({ outcome }) => outcome !== undefined && outcome !== 'ok');
  return failed && describeFailure(failed);
}

/** How the latest reading of a question ended, where it failed. */
export function describeFailure({ key, outcome, failure }: QuestionState): string {
  return `${key}: ${outcome}${failure === undefined ? '' : `, ${failure}`}`;
}
