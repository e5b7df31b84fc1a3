import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Place } from './read.ts';

const longest = 200;

/** The path of a query's files in a captured host, without suffix: `<dir>/<collector>/<key>[.<variant>]`. */
export function fixturePath(dir: string, place: Place): string {
  return join(dir, place.collector, fixtureName(place));
}

/** Names come from the host, and one may be `..`: nothing of them is left that has a meaning in a path. */
export function fixtureName({ key, variant }: Place): string {
  const name = encodeURIComponent(key).replaceAll('*', '%2A').replace(/^\./, '%2E');
  // File names are limited to 255 bytes; an encoded dm name may have 384.
  const short =
    name.length <= longest
      ? name
      : `${name.slice(0, longest - 17)}~${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
  return variant === undefined ? short : `${short}.${variant}`;
}

/** The suffixes of a query's files. `failure` contains `reason: detail` of a query without output. */
export const suffixes = {
  stdout: '.txt',
  stderr: '.stderr',
  exitCode: '.exit',
  failure: '.failure',
} as const;
