import { formatAge } from '../../format/duration.ts';
import { type Html, html } from './html.ts';

/** The heart beats once a second: facts older than this are not kept current by anybody. */
const oldMs = 10_000;

/** Of when all this is. The script speaks in the place beside it, which is its own (`data-own`). */
export function renderMoment(takenAt: number, now: number): Html {
  const at = new Date(takenAt).toISOString();
  const old = now - takenAt > oldMs ? html` <b class="tag">old</b> ${ago(now - takenAt)}` : undefined;
  return html`<p class="moment">As of <time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 19)} UTC</time>${old}
<span id="live" role="status" data-own>Reload the page for what is newer.</span></p>
`;
}

/** How long ago, for people. */
export function ago(ms: number): string {
  return ms < 1000 ? 'just now' : `${formatAge(ms)} ago`;
}
