import { describeState } from '../../format/describe-state.ts';
import { resources } from '../../model/pool.ts';
import { renderFindings } from './findings.ts';
import { type Html, html } from './html.ts';
import { renderPoolFacts } from './pool-facts.ts';
import { levelWords, type RankedPool } from './ranking.ts';
import { renderSpace } from './space.ts';
import { describeTimeLeft, isExtendedBefore } from './time-left.ts';
import { formatAgo } from './timestamp.ts';
import { renderFastest } from './top-volumes.ts';

/** A critical pool shows everything at once; others fold their details (`data-unfolded`: opened by the page, not the reader). */
export function renderPool(ranked: RankedPool, now: number): Html {
  const { pool, findings, urgency } = ranked;
  const id = `pool-${pool.device?.replace(':', '-') ?? encodeURIComponent(pool.name)}`;
  const unfolded = urgency === 'critical' ? html` open data-unfolded` : undefined;
  return html`<article class="pool ${urgency}" id="${id}" aria-labelledby="${id}-name">
<header><h3 id="${id}-name"><b class="badge">${levelWords[urgency]}</b> <bdi>${pool.name}</bdi></h3>
<p class="state">${describeState(pool)}${describeAge(ranked, now)}</p>
${renderLeft(ranked)}</header>
${renderFindings(findings, `${id}-findings`, now)}
<div class="spaces">
${resources.map((resource) => renderSpace(ranked, resource, now))}</div>
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
    return html`<p class="left"><b>${both.map(describeTimeLeft).join(', ')}</b> <span>${first.resource}${isExtendedBefore(first, pool) ? ', LVM can extend it before that' : undefined}</span></p>`;
  }
  const isWatched = resources.some((resource) => trend?.[resource]?.bytesPerSecond !== undefined);
  if (pool.state === 'readable' && isWatched) return html`<p class="left">not filling up</p>`;
  return html`<p class="left">time left unknown</p>`;
}
