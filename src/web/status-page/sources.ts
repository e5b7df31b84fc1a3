import { describeTrouble } from '../../format/describe-state.ts';
import type { SourceState } from '../../model/source-state.ts';
import { type Html, html } from './html.ts';
import { ago } from './timestamp.ts';

/** The state of each collector, and the age of its data. */
export function renderSources(sources: readonly SourceState[], now: number): Html {
  return html`<section id="sources" aria-labelledby="sources-title">
<h2 id="sources-title">Collectors</h2>
<table class="sources">
<thead><tr><th scope="col">Collector<th scope="col">State<th scope="col">Last success</tr></thead>
<tbody>
${sources.map((source) => renderSource(source, now))}</tbody></table>
</section>
`;
}

function renderSource(source: SourceState, now: number): Html {
  const { name, status } = source;
  const trouble = describeTrouble(source, now);
  const path = `/api/v1/sources/${encodeURIComponent(name)}`;
  return html`<tr class="${status}"><th scope="row"><a href="${path}">${name}</a><td><b>${status === 'held' ? 'blocked' : status}</b>${trouble === undefined ? undefined : html`<br>${trouble}`}<td>${describeAge(source, now)}</tr>
`;
}

function describeAge(
  { lastSuccessAt, maxAgeMs, questions, status }: SourceState,
  now: number,
): Html | string {
  if (lastSuccessAt === undefined) {
    if (status === 'off' || status === 'absent') return '';
    return questions.length === 0 ? 'nothing to read' : 'never';
  }
  const age = ago(now - lastSuccessAt);
  return now - lastSuccessAt > maxAgeMs ? html`${age} <b class="tag">old</b>` : age;
}
