import type { Host } from '../model/host.ts';
import type { Pool } from '../model/pool.ts';
import type { QuestionState, SourceState } from '../model/source-state.ts';
import { secondMs } from '../model/units.ts';
import { suspiciousMs, underWayMs } from './lateness.ts';
import { reasonToAvoid } from './sickness.ts';

/** The pools that one command may query together, and those to query one by one. */
export interface Parties {
  readonly together: readonly Pool[];
  readonly alone: readonly Pool[];
}

/** No device-mapper name contains a slash (kernel dm-ioctl.c, check_name), so no query of a single pool has such a key. */
const prefix = 'together/';

export function togetherKey(number: number): string {
  return `${prefix}${number}`;
}

/** Longer than a batch takes on a slow host, and far below the age limits; after that, each pool is queried on its own. */
const patienceMs = 2 * secondMs;

/**
 * A command costs more than a pool in it, so a watch queries all healthy pools with one command. A hung pool blocks that
 * command for the others: if it is slow, or the latest one failed, every pool is also queried on its own, which shows the
 * pool at fault.
 */
export function togetherOrAlone(known: Host, source: string, look: 'watch' | 'single' = 'single'): Parties {
  const well = new Set(known.pools.filter((pool) => reasonToAvoid(pool) === undefined));
  if (look === 'single' || well.size < 2) return { together: [], alone: known.pools };
  const isTrusted = known.sources
    .filter(({ name }) => name === source)
    .flatMap(sharedBy)
    .every((question) => isPrompt(question, known.takenAt));
  return {
    together: [...well],
    alone: isTrusted ? known.pools.filter((pool) => !well.has(pool)) : known.pools,
  };
}

function isPrompt(question: QuestionState, now: number): boolean {
  const { outcome, stuckSince } = question;
  const isWell = outcome === undefined || outcome === 'ok';
  return isWell && stuckSince === undefined && (underWayMs(question, now) ?? 0) < patienceMs;
}

/** Why any pool may be sick: a batched query is slow, and it is not known yet which pool it is stuck at. */
export function suspicion({ sources, takenAt }: Host): string | undefined {
  const slow = sources.find((source) =>
    sharedBy(source).some((question) => (underWayMs(question, takenAt) ?? 0) > suspiciousMs),
  );
  return slow && `a query of several pools by collector ${slow.name} is unusually slow`;
}

/** The batched queries of a collector. */
function sharedBy({ questions }: SourceState): readonly QuestionState[] {
  return questions.filter(({ key }) => key.startsWith(prefix));
}
