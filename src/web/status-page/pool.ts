import { describeState } from '../../format/describe-state.ts';
import { resources } from '../../model/pool.ts';
import type { RankedPool } from '../../rules/ranking.ts';
import { isCalm } from '../../thinpool/forecast.ts';
import { willBeExtended } from '../../thinpool/will-be-extended.ts';
import { renderFindings, renderPending } from './findings.ts';
import { levelWords } from './headline.ts';
import { type Html, html } from './html.ts';
import { renderPoolFacts } from './pool-facts.ts';
import { type PoolView, renderSpace } from './space.ts';
import { describeTimesLeft } from './time-left.ts';
import { formatAgo } from './timestamp.ts';
import { renderFastest } from './top-volumes.ts';

/** A critical pool shows everything at once; others fold their details (`data-unfolded`: opened by the page, not the reader). */
export function renderPool(ranked: RankedPool, { now, limits }: PoolView): Html {
  const { pool, findings, pending, urgency } = ranked;
  const id = `pool-${pool.device?.replace(':', '-') ?? encodeURIComponent(pool.name)}`;
  const unfolded = urgency === 'critical' ? html` open data-unfolded` : undefined;
  return html`<article class="pool ${urgency}" id="${id}" aria-labelledby="${id}-name">
<header><h3 id="${id}-name"><b class="badge">${levelWords[urgency]}</b> <bdi>${pool.name}</bdi></h3>
<p class="state">${describeState(pool)}${describeAge(ranked, now)}</p>
${renderLeft(ranked)}</header>
${renderFindings(findings, `${id}-findings`, now)}
${renderPending(pending, `${id}-pending`, now)}
<div class="spaces">
${resources.map((resource) => renderSpace(ranked, resource, { now, limits }))}</div>
<details id="${id}-more"${unfolded}><summary>Top volumes, VG free space, autoextend, data age</summary>
${renderFastest(pool, ranked.trend)}${renderPoolFacts(pool, now)}</details>
</article>
`;
}

/** If the status of a pool is no longer read, the last known state is shown. */
function describeAge({ pool: { state, lastKnown, late } }: RankedPool, now: number): Html | undefined {
  if (state === undefined && lastKnown !== undefined)
    return html`, last read ${formatAgo(now - lastKnown.takenAt)}: ${describeState({ ...lastKnown, suspended: false })}`;
  return late === undefined ? undefined : html` <b class="tag">old</b>`;
}

/** Time left to both limits, of the resource that reaches one first. */
function renderLeft({ timesLeft, pool, trend }: RankedPool): Html {
  const [first] = timesLeft;
  if (first !== undefined) {
    const both = timesLeft.filter(({ resource }) => resource === first.resource);
    const isExtended = first.seconds > 0 && willBeExtended(pool, first.resource);
    return html`<p class="left"><b>${describeTimesLeft(both)}</b> <span>${first.resource}${isExtended ? ', LVM can extend it before that' : undefined}</span></p>`;
  }
  return html`<p class="left">${isCalm(pool, trend) ? 'not filling up' : 'time left unknown'}</p>`;
}
