import { type Resource, resources } from '../../src/model/pool.ts';
import type { Course } from './pool.ts';

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

/** A second time below the minimum free within this is the same danger. */
const sameDanger = 6 * 3600;

/** The outcome of a pool: when it was full, and when it had less than its minimum free. */
export function truthOf(course: Course, minimumFreePercent: number, onsets: readonly number[]): Truth {
  const dangers = resources.flatMap((resource) => [
    ...(minimumFreePercent > 0
      ? dangersOf('minimum_free', resource, course, 1 - minimumFreePercent / 100, onsets)
      : []),
    ...dangersOf('full', resource, course, 1, onsets),
  ]);
  return { dangers, fills: dangers.some(({ kind }) => kind === 'full'), isQuiet: dangers.length === 0 };
}

function dangersOf(
  kind: Danger['kind'],
  resource: Resource,
  { step, tracks }: Course,
  limit: number,
  onsets: readonly number[],
): Danger[] {
  const { used, size } = tracks[resource];
  const found: Danger[] = [];
  let leftAt = Number.NEGATIVE_INFINITY;
  let wasIn = false;
  for (let index = 0; index < used.length; index += 1) {
    const isIn = kind === 'full' ? used[index]! >= size[index]! : used[index]! > limit * size[index]!;
    const at = (index + 1) * step;
    if (isIn && !wasIn && at - leftAt > sameDanger)
      found.push({ kind, resource, at, onset: onsetBefore(at, onsets) });
    if (isIn) leftAt = at;
    wasIn = isIn;
  }
  return found;
}

function onsetBefore(at: number, onsets: readonly number[]): number {
  return Math.max(0, ...onsets.filter((onset) => onset < at));
}
