import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Place } from './read.ts';

const longest = 200;

/** Where the reading of a question stands in a captured host, without its ending: `<dir>/<source>/<key>[.<way>]`. */
export function fixturePath(dir: string, { source, key, way }: Place): string {
  const name = encodeURIComponent(key).replaceAll('*', '%2A');
  // File names end at 255 bytes; an encoded dm name may have 384.
  const short =
    name.length <= longest
      ? name
      : `${name.slice(0, longest - 17)}~${createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
  return join(dir, source, way === undefined ? short : `${short}.${way}`);
}

/** The endings of a reading's files. `failure` holds `reason: detail` of a reading that gave nothing. */
export const endings = { stdout: '.txt', stderr: '.stderr', exitCode: '.exit', failure: '.failure' } as const;
