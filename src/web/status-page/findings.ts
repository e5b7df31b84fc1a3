import { formatAge } from '../../format/duration.ts';
import { type Finding, type PendingFinding, type Severity, severities } from '../../model/finding.ts';
import { runbookAddress } from '../../rules/runbooks.ts';
import { type Html, html } from './html.ts';

const words: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  critical: ['critical', 'critical'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
};

/** The worst finding and all that page in full, the others folded. `id` keeps them open over a refresh. */
export function renderFindings(findings: readonly Finding[], id: string, now: number): Html | undefined {
  const [first] = findings;
  if (first === undefined) return undefined;
  const shown = findings.filter((finding) => finding === first || finding.severity === 'critical');
  const others = findings.filter((finding) => !shown.includes(finding));
  if (first.severity === 'info') return html`${renderFolded(findings, id, '', now)}`;
  return html`<ol class="findings">
${shown.map((finding) => renderFinding(finding, now))}</ol>
${others.length === 0 ? undefined : renderFolded(others, id, 'more ', now)}`;
}

export function renderAllFindings(findings: readonly Finding[], now: number): Html {
  return html`<ol class="findings">
${findings.map((finding) => renderFinding(finding, now))}</ol>
`;
}

/** What is about to be reported, and when. Notes are folded: they can wait. */
export function renderPending(pending: readonly PendingFinding[], id: string, now: number): Html | undefined {
  const urgent = pending.filter(({ severity }) => severity !== 'info');
  const notes = pending.filter(({ severity }) => severity === 'info');
  if (pending.length === 0) return undefined;
  return html`${urgent.length === 0 ? undefined : renderWaiting(urgent, now)}${
    notes.length === 0
      ? undefined
      : html`<details id="${id}"><summary>${countFindings(notes, 'pending ')}</summary>
${renderWaiting(notes, now)}</details>
`
  }`;
}

function renderWaiting(pending: readonly PendingFinding[], now: number): Html {
  return html`<ol class="findings pending">
${pending.map((finding) => renderFinding(finding, now))}</ol>
`;
}

function renderFolded(findings: readonly Finding[], id: string, more: string, now: number): Html {
  return html`<details id="${id}"><summary>${countFindings(findings, more)}</summary>
${renderAllFindings(findings, now)}</details>
`;
}

/** `1 more warning, 2 more notes` */
export function countFindings(findings: readonly Finding[], more: string): string {
  return severities
    .flatMap((severity) => {
      const count = findings.filter((finding) => finding.severity === severity).length;
      return count === 0 ? [] : [`${count} ${more}${words[severity][count === 1 ? 0 : 1]}`];
    })
    .join(', ');
}

function renderFinding(finding: Finding | PendingFinding, now: number): Html {
  const { severity, code, resource, summary, advice, since, lastKnown } = finding;
  const waiting =
    'reportedAt' in finding
      ? html` <b class="tag">pending, reported in ${formatAge(Math.max(1000, finding.reportedAt - now))}</b>`
      : undefined;
  const about = resource === undefined ? '' : `, ${resource}`;
  const age = since === undefined || now - since < 1000 ? '' : `, for ${formatAge(now - since)}`;
  const old = lastKnown === true ? html` <b class="tag">old</b> last known state, may have ended` : undefined;
  return html`<li class="${severity}"><p class="what"><b class="severity">${words[severity][0]}</b> ${summary}${waiting}</p>
<p class="advice"><b>Do:</b> ${renderAdvice(advice)} ${renderRunbook(code)}</p>
<p class="fine"><code>${code}</code>${about}${age}${old}</p>
`;
}

/** What stands in backticks, with the brackets and punctuation around it, which stay in its line. */
const quoted = /(?<before>\(?)`(?<text>[^`]+)`(?<after>[.,;:)]*)/g;

/**
 * Each command in a line of its own, which a click selects. It stays in its sentence: the words before it say when to run it,
 * and a list would invite running them all. A single word is a name, not a command.
 */
function renderAdvice(advice: string): readonly Html[] {
  const parts: Html[] = [];
  let end = 0;
  for (const { 0: whole, index, groups } of advice.matchAll(quoted)) {
    const { before = '', text = '', after = '' } = groups ?? {};
    const code = html`${before}<code>${text}</code>${after}`;
    parts.push(html`${advice.slice(end, index)}`);
    parts.push(text.includes(' ') ? html`<span class="command">${code}</span>` : code);
    end = index + whole.length;
  }
  return [...parts, html`${advice.slice(end)}`];
}

/** In a new tab: the status page has to stay open. */
function renderRunbook(code: string): Html | undefined {
  const address = runbookAddress(code);
  return address === undefined
    ? undefined
    : html`<a href="${address}" target="_blank" rel="noopener">Runbook<span class="unseen"> for ${code}, in a new tab</span></a>`;
}
