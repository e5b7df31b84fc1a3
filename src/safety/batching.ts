import type { Host } from '../model/host.ts';
import type { Pool } from '../model/pool.ts';
import type { QuestionState, SourceState } from '../model/source-state.ts';
import { secondMs } from '../model/units.ts';
import { suspiciousMs, underWayMs } from './lateness.ts';
import { reasonToAvoid } from './sickness.ts';

/** Which pools one command may ask about, and which are to be asked about one by one. */
export interface Parties {
  readonly together: readonly Pool[];
  readonly alone: readonly Pool[];
}

/** No device-mapper name holds a slash (kernel dm-ioctl.c, check_name), so no pool's own question has such a key. */
const prefix = 'together/';

export function togetherKey(number: number): string {
  return `${prefix}${number}`;
}

/** Longer than many pools take on a slow host, and short beside the age limits: then each pool is asked on its own. */
const patienceMs = 2 * secondMs;

/**
 * A host pays for each command more than for each pool in it, so pools that were last seen to be well are asked about
 * by one in a watch. A pool that does not answer keeps that command from telling of the others: where it is slow, or its
 * latest one failed, every pool is asked on its own as well, which shows the one that is to blame.
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

/** Why any pool may be sick: a command about many of them is slow, and not yet known to be stuck at one. */
export function suspicion({ sources, takenAt }: Host): string | undefined {
  const slow = sources.find((source) =>
    sharedBy(source).some((question) => (underWayMs(question, takenAt) ?? 0) > suspiciousMs),
  );
  return slow && `a query of several pools by collector ${slow.name} is unusually slow`;
}

/** A source's questions about pools together. */
function sharedBy({ questions }: SourceState): readonly QuestionState[] {
  return questions.filter(({ key }) => key.startsWith(prefix));
}
