import type { Host, Pool } from '../model/host.ts';

/** A reading about the pool did not end when it should have. One that is only slow may still. */
export function isOverdue({ late }: Pick<Pool, 'late'>): boolean {
  return late !== undefined && late.degree !== 'slow';
}

/** A reading about the pool has ended, one way or another. */
export function wasAsked(host: Host, dmName: string): boolean {
  return host.sources.some((source) =>
    source.questions.some((question) => question.about === dmName && question.finishedAt !== undefined),
  );
}
