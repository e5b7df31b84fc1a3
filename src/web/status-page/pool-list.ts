import type { RankedPool } from '../../rules/ranking.ts';
import { type Html, html } from './html.ts';
import { renderCard, renderRow } from './pool.ts';
import type { PoolView } from './space.ts';

/** So few pools are all cards. */
const few = 3;
/** When a whole disk is lost, hundreds of cards would hide what else there is. */
const mostCards = 5;

/** Cards for the pools that need attention, a line for each of the others, worst first. */
export function renderPools(ranked: readonly RankedPool[], view: PoolView): Html | undefined {
  if (ranked.length === 0) return undefined;
  const urgent = ranked.filter(({ urgency }) => urgency !== 'healthy');
  const healthy = ranked.filter(({ urgency }) => urgency === 'healthy');
  const isFew = ranked.length <= few;
  const cards = isFew ? ranked : urgent.slice(0, mostCards);
  const more = isFew ? [] : urgent.slice(mostCards);
  return html`<section id="pools" aria-labelledby="pools-title">
<h2 id="pools-title" class="unseen">Pools, worst first</h2>
${cards.map((one) => renderCard(one, view))}${renderList(`${more.length} more, worst first`, more, view)}${isFew ? undefined : renderList(`Healthy (${healthy.length})`, healthy, view)}</section>
`;
}

function renderList(title: string, pools: readonly RankedPool[], view: PoolView): Html | undefined {
  if (pools.length === 0) return undefined;
  const columns = ['Pool', 'Data', 'Metadata', 'Time left', 'Data growth'];
  return html`<h2>${title}</h2>
<p class="columns" aria-hidden="true">${columns.map((column) => html`<span>${column}</span>`)}</p>
${pools.map((one) => renderRow(one, view))}`;
}
