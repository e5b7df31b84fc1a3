import { type Resource, resources } from '../../src/model/pool.ts';
import type { Course, Track } from './pool.ts';

/** Something that a page should have come before. */
export interface Danger {
  readonly kind: 'full' | 'minimum_free';
  readonly resource: Resource;
  readonly at: number;
  /** Since when the writing that led to it has gone on. */
  readonly onset: number;
}

export interface Truth {
  readonly dangers: readonly Danger[];
  readonly fills: boolean;
  readonly isQuiet: boolean;
}

/** A second time below the minimum within this is the same danger. */
const sameDanger = 6 * 3600;

/** What came of a pool: when it was full, and when it had less than its minimum free space. */
export function truthOf(course: Course, onsetOf: OnsetOf): Truth {
  const dangers = resources.flatMap((resource) => [
    ...dangersOf('minimum_free', resource, course, onsetOf),
    ...dangersOf('full', resource, course, onsetOf),
  ]);
  return { dangers, fills: dangers.some(({ kind }) => kind === 'full'), isQuiet: dangers.length === 0 };
}

/** When the writes began that led to a danger at this time. */
export type OnsetOf = (at: number, resource: Resource, kind: Danger['kind']) => number;

/** What is left before a danger, in bytes; below 0 in the case of the minimum. Infinite where there is none. */
export function leftBefore(kind: Danger['kind'], { used, size, minimumFree }: Track, index: number): number {
  const free = size[index]! - used[index]!;
  if (kind === 'full') return free;
  return minimumFree === undefined ? Number.POSITIVE_INFINITY : free - minimumFree[index]!;
}

function dangersOf(kind: Danger['kind'], resource: Resource, course: Course, onsetOf: OnsetOf): Danger[] {
  const { step, tracks } = course;
  const found: Danger[] = [];
  let leftAt = Number.NEGATIVE_INFINITY;
  let wasIn = false;
  for (let index = 0; index < tracks[resource].used.length; index += 1) {
    const left = leftBefore(kind, tracks[resource], index);
    const isIn = kind === 'full' ? left <= 0 : left < 0;
    const at = (index + 1) * step;
    if (isIn && !wasIn && at - leftAt > sameDanger)
      found.push({ kind, resource, at, onset: onsetOf(at, resource, kind) });
    if (isIn) leftAt = at;
    wasIn = isIn;
  }
  return found;
}
