import { formatShare } from '../../format/bytes.ts';
import { describeState } from '../../format/describe-state.ts';
import { type Pool, type Resource, resources } from '../../model/pool.ts';
import type { RankedPool } from '../../rules/ranking.ts';
import { renderSmallBar } from './bar.ts';
import { marksOf } from './bar-marks.ts';
import { countFindings, renderFindings, renderPending } from './findings.ts';
import { renderFreeSpace } from './free-space.ts';
import { describeGrowthBriefly } from './growth.ts';
import { levelWords } from './headline.ts';
import { type Html, html } from './html.ts';
import { renderPoolFacts } from './pool-facts.ts';
import { type PoolView, renderSpace } from './space.ts';
import { figureOf } from './time-left.ts';
import { formatAgo } from './timestamp.ts';
import { renderFastest, renderLargest } from './top-volumes.ts';

/** A pool in full: what is wrong, what to do, space, who fills it. What can wait is folded. */
export function renderCard(ranked: RankedPool, view: PoolView): Html {
  const { pool, trend, urgency } = ranked;
  const id = idOf(ranked);
  const fastest = renderFastest(pool, trend);
  const isRunningOut = urgency === 'critical' || urgency === 'filling';
  return html`<article class="pool card ${urgency}" id="${id}" aria-labelledby="${id}-name">
<header>${renderName(ranked, id)}
${renderState(ranked, view.now)}
${renderLeft(ranked)}</header>
${renderTrouble(ranked, id, view)}${isRunningOut ? fastest : undefined}
<details id="${id}-more"><summary>Details</summary>
<div class="more">${isRunningOut ? undefined : fastest}${renderRest(ranked, view)}</div></details>
</article>
`;
}

/** A pool in a line that opens to all that is known of it. */
export function renderRow(ranked: RankedPool, view: PoolView): Html {
  const { pool, urgency, trend } = ranked;
  const id = idOf(ranked);
  return html`<article class="pool row ${urgency}" id="${id}" aria-labelledby="${id}-name">
<details id="${id}-more"><summary>${renderName(ranked, id)}
${resources.map((resource) => renderCell(ranked, resource, view))}
<span class="time">${renderLeftBriefly(ranked)}</span>
<span class="growth"><span class="unseen">data growth </span>${describeGrowthBriefly(trend?.data)}</span>
${renderRemark(ranked)}</summary>
${renderState(ranked, view.now)}
${renderTrouble(ranked, id, view)}
<div class="more">${renderFastest(pool, trend)}${renderRest(ranked, view)}</div></details>
</article>
`;
}

function idOf({ pool: { device, name } }: RankedPool): string {
  return `pool-${device?.replace(':', '-') ?? encodeURIComponent(name)}`;
}

/** In a list of healthy pools, the level is no news. */
function renderName({ pool, urgency }: RankedPool, id: string): Html {
  return html`<h3 id="${id}-name"><b class="badge">${levelWords[urgency]}</b> <bdi>${pool.name}</bdi></h3>`;
}

/** That a pool is not active stands where others have the time left. */
function renderState(ranked: RankedPool, now: number): Html | undefined {
  const { pool } = ranked;
  if (pool.presence === 'inactive' && pool.lastKnown === undefined) return undefined;
  return html`<p class="state">${describeState(pool)}${describeAge(ranked, now)}</p>`;
}

/** If the status of a pool is no longer read, the last known state is shown. */
function describeAge({ pool: { state, lastKnown, late } }: RankedPool, now: number): Html | undefined {
  if (state === undefined && lastKnown !== undefined)
    return html`, last read ${formatAgo(now - lastKnown.takenAt)}: ${describeState({ ...lastKnown, suspended: false })}`;
  return late === undefined ? undefined : html` <b class="tag">old</b>`;
}

function renderLeft(ranked: RankedPool): Html {
  const { text, kind, notes } = figureOf(ranked);
  return html`<p class="left ${kind}"><b>${text}</b>${notes.map((note) => html` <span>${note}</span>`)}</p>`;
}

/** Of data, if nothing else is said: the list has no room for more. */
function renderLeftBriefly(ranked: RankedPool): Html {
  const { text, notes } = figureOf(ranked);
  return html`<b>${text}</b>${notes.slice(0, 1).map((note) => html` ${note.replace(' (data)', '')}`)}`;
}

function renderTrouble(ranked: RankedPool, id: string, view: PoolView): Html {
  const isNews = ranked.findings.every(({ severity }) => severity === 'info');
  return html`${renderFindings(ranked.findings, `${id}-findings`, view.now)}
${renderPending(ranked.pending, `${id}-pending`, view.now, isNews)}
${renderSpaces(ranked, view)}`;
}

/** A pool that is not active has no space to speak of, unless it was read before. */
function renderSpaces(ranked: RankedPool, view: PoolView): Html | undefined {
  const { presence, data, metadata, lastKnown } = ranked.pool;
  const isKnown = data !== undefined || metadata !== undefined || lastKnown?.counters !== undefined;
  if (presence === 'inactive' && !isKnown) return undefined;
  return html`<div class="spaces">
${resources.map((resource) => renderSpace(ranked, resource, view))}</div>
`;
}

function renderRest(ranked: RankedPool, { now, host }: PoolView): Html {
  const { pool, trend } = ranked;
  return html`${renderLargest(pool, trend)}${renderPoolFacts(pool, now)}${renderFreeSpace(pool, host, now, idOf(ranked))}`;
}

/** One resource in a line. */
function renderCell({ pool }: RankedPool, resource: Resource, { limits }: PoolView): Html {
  const space = pool[resource];
  const bar = space && renderSmallBar(space, marksOf(pool, resource, limits));
  const share = space === undefined ? unknownShare(pool) : formatShare(space.usedBytes, space.sizeBytes);
  return html`<span class="cell"><span class="term">${resource}</span> ${bar}<span class="share">${share}</span></span>`;
}

function unknownShare({ presence }: Pool): string {
  return presence === 'inactive' ? '–' : 'unknown';
}

/** What makes a pool in a list different from its neighbours: its worst finding, its state, or that there are notes. */
function renderRemark({ pool, urgency, findings, pending }: RankedPool): Html | undefined {
  const [worst] = [...findings, ...pending];
  const notes = findings.length === 0 ? '' : countFindings(findings, '');
  const state = describeState(pool);
  const remark =
    urgency === 'healthy' ? [state === 'read-write' ? '' : state, notes] : [worst?.summary ?? state];
  const text = remark.filter((part) => part !== '').join(', ');
  return text === '' ? undefined : html`<span class="remark">${text}</span>`;
}
