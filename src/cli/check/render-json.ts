import type { CheckedHost } from './second-look.ts';
import { judge } from './verdict.ts';

/**
 * The same for programs. `pools` is left out where device-mapper was not read: an empty list would say there are none.
 * `growth` has an entry for each pool that was looked at twice: what grew (names as in the `volumes` of its pool, bytes a
 * second, and the bytes that are mapped at the end) over `overMs`, or the `failure` of the second look.
 */
export function renderCheckJson({ host, findings, growth }: CheckedHost): string {
  const { status, reason } = judge({ host, findings });
  const { takenAt, discovered, pools, sources } = host;
  const content = {
    status,
    ...(reason === undefined ? {} : { reason }),
    takenAt,
    discovered,
    ...(discovered ? { pools } : {}),
    findings,
    growth,
    sources,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}
