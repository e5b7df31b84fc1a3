import { describeTrouble } from '../../format/describe-state.ts';
import type { CollectorState } from '../../model/collector-state.ts';
import { type Html, html } from './html.ts';
import { formatAgo } from './timestamp.ts';

/** The state of each collector, and the age of its data. */
export function renderCollectors(collectors: readonly CollectorState[], now: number): Html {
  return html`<section id="collectors" aria-labelledby="collectors-title">
<h2 id="collectors-title">Collectors</h2>
<table class="collectors">
<thead><tr><th scope="col">Collector<th scope="col">State<th scope="col">Last success</tr></thead>
<tbody>
${collectors.map((collector) => renderCollector(collector, now))}</tbody></table>
</section>
`;
}

function renderCollector(collector: CollectorState, now: number): Html {
  const { name, status } = collector;
  const trouble = describeTrouble(collector, now);
  const path = `/api/v1/collectors/${encodeURIComponent(name)}`;
  return html`<tr class="${status}"><th scope="row"><a href="${path}">${name}</a><td><b>${status === 'blocked' ? 'blocked' : status}</b>${trouble === undefined ? undefined : html`<br>${trouble}`}<td>${describeAge(collector, now)}</tr>
`;
}

function describeAge(
  { lastSuccessAt, maxAgeMs, queries, status }: CollectorState,
  now: number,
): Html | string {
  if (lastSuccessAt === undefined) {
    if (status === 'off' || status === 'absent') return '';
    return queries.length === 0 ? 'nothing to read' : 'never';
  }
  const age = formatAgo(now - lastSuccessAt);
  return now - lastSuccessAt > maxAgeMs ? html`${age} <b class="tag">old</b>` : age;
}
