import { formatAge } from '../../format/duration.ts';

/** How long ago, for people. */
export function ago(ms: number): string {
  return ms < 1000 ? 'just now' : `${formatAge(ms)} ago`;
}
