import { formatAge } from '../../format/duration.ts';
import { type Html, html } from './html.ts';

/** The host snapshot is updated every second; an older one means that updating has stopped. */
const oldMs = 10_000;

export function isOld(takenAt: number, now: number): boolean {
  return now - takenAt > oldMs;
}

/** The time of the data. The script reports in the element next to it, which it owns (`data-own`). */
export function renderTimestamp(takenAt: number, now: number): Html {
  const at = new Date(takenAt).toISOString();
  const old = isOld(takenAt, now)
    ? html` <b class="tag">old</b> ${formatAgo(now - takenAt)}: the exporter has stopped updating`
    : undefined;
  return html`<p class="moment">As of <time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 19)} UTC</time>${old}
<span id="live" role="status" data-own>Reload the page to update.</span></p>
`;
}

export function formatAgo(ms: number): string {
  return ms < 1000 ? 'just now' : `${formatAge(ms)} ago`;
}
