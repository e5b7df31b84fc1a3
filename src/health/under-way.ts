import type { QuestionState } from '../model/host.ts';
import { secondMs } from '../model/units.ts';

/** A reading that takes a tenth of a second on a healthy pool is suspicious long before its deadline. */
export const suspiciousMs = secondMs;

/** How long a reading has been under way, in ms; undefined where none is, or where it is past its deadline. */
export function underWayMs(
  { startedAt, finishedAt }: Pick<QuestionState, 'startedAt' | 'finishedAt'>,
  now: number,
): number | undefined {
  if (startedAt === undefined) return undefined;
  const isOver = finishedAt !== undefined && finishedAt >= startedAt;
  return isOver ? undefined : now - startedAt;
}
