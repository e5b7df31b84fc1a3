import { describeTrouble } from '../../format/describe-state.ts';
import type { CollectorState } from '../../model/collector-state.ts';
import { type Html, html } from './html.ts';
import { formatAgo } from './timestamp.ts';

/** Of the worst state first. */
const statuses = ['failed', 'blocked', 'pending', 'ok', 'absent', 'off'] as const;

/** The state of each collector, and the age of its data. Unfolded if one has trouble. */
export function renderCollectors(collectors: readonly CollectorState[], now: number): Html {
  const isTroubled = collectors.some((collector) => hasTrouble(collector, now));
  return html`<section id="collectors" aria-labelledby="collectors-title">
<h2 id="collectors-title">Collectors</h2>
<details id="collectors-all"${isTroubled ? html` open` : undefined}><summary>${countStatuses(collectors)}</summary>
<table class="collectors">
<thead><tr><th scope="col">Collector (JSON)<th scope="col">State<th scope="col">Last success</tr></thead>
<tbody>
${collectors.map((collector) => renderCollector(collector, now))}</tbody></table></details>
</section>
`;
}

/** What is not on this host is no trouble. */
function hasTrouble(collector: CollectorState, now: number): boolean {
  const { status, stuckSince } = collector;
  return status === 'failed' || status === 'blocked' || stuckSince !== undefined || isOld(collector, now);
}

/** `1 failed, 8 ok` */
function countStatuses(collectors: readonly CollectorState[]): string {
  return statuses
    .map((status) => [collectors.filter((one) => one.status === status).length, status] as const)
    .filter(([count]) => count > 0)
    .map(([count, status]) => `${count} ${status}`)
    .join(', ');
}

function renderCollector(collector: CollectorState, now: number): Html {
  const { name, status } = collector;
  const trouble = describeTrouble(collector, now);
  const path = `/api/v1/collectors/${encodeURIComponent(name)}`;
  return html`<tr class="${status}"><th scope="row"><a href="${path}">${name}</a><td><b>${status}</b>${trouble === undefined ? undefined : html`<br>${trouble}`}<td>${describeAge(collector, now)}</tr>
`;
}

function describeAge(collector: CollectorState, now: number): Html | string {
  const { lastSuccessAt, queries, status } = collector;
  if (lastSuccessAt === undefined) {
    if (status === 'off' || status === 'absent') return '';
    return queries.length === 0 ? 'nothing to read' : 'never';
  }
  const age = formatAgo(now - lastSuccessAt);
  return isOld(collector, now) ? html`${age} <b class="tag">old</b>` : age;
}

function isOld({ lastSuccessAt, maxAgeMs }: CollectorState, now: number): boolean {
  return lastSuccessAt !== undefined && now - lastSuccessAt > maxAgeMs;
}
