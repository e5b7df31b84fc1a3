import { arePoolsKnown } from '../../model/known-pools.ts';
import { rankPools } from '../../rules/ranking.ts';
import { checkAnswer } from '../../web/api/responses.ts';
import type { CheckedHost } from './sample-growth.ts';
import { judge } from './verdict.ts';

/**
 * The result of `check` as JSON. `pools` is absent if nothing is known of them: an empty list would mean that there are none.
 * `growth` has one entry per pool that was read twice: the volumes that grew (names as in the pool's `volumes`,
 * bytes per second, and mapped bytes at the end) over `overMs`, or the `failure` of the second read.
 */
export function renderCheckJson({ host, findings, trends, growth, muted = [] }: CheckedHost): string {
  const { status, reason } = judge({ host, findings });
  const { takenAt, discovered, collectors } = host;
  const pools = rankPools(host.pools, { findings, pending: [], trends }).map(({ pool }) => pool);
  const answer = checkAnswer.write({
    status,
    ...(reason === undefined ? {} : { reason }),
    takenAt,
    discovered,
    ...(arePoolsKnown(host) ? { pools } : {}),
    findings,
    muted,
    growth,
    collectors,
  });
  return `${JSON.stringify(answer, undefined, 2)}\n`;
}
