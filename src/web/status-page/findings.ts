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
${renderCommands(advice)}<p class="fine"><code>${code}</code>${about}${age}${old}</p>
`;
}

/** Commands stand in backticks. */
function renderAdvice(advice: string): readonly Html[] {
  return advice.split('`').map((part, at) => (at % 2 === 0 ? html`${part}` : html`<code>${part}</code>`));
}

/** Where the reader has to look up what to put in, there is nothing to copy. A size he chooses. */
const placeholder = /(?<![\w-])(?:PID|DISK|NEW|BAD|DEVICE|FILE|VG|POOL)(?![\w-])/;

/** Each command of an advice in a line of its own, which a click selects. A single word is a name, not a command. */
function renderCommands(advice: string): Html | undefined {
  const quoted = [...new Set(advice.split('`').filter((_, at) => at % 2 === 1))];
  const commands = quoted.filter((text) => text.includes(' ') && !placeholder.test(text));
  if (commands.length === 0) return undefined;
  return html`<ul class="commands" aria-label="Commands">${commands.map((command) => html`<li><code>${command}</code>`)}</ul>
`;
}

/** In a new tab: the status page has to stay open. */
function renderRunbook(code: string): Html | undefined {
  const address = runbookAddress(code);
  return address === undefined
    ? undefined
    : html`<a href="${address}" target="_blank" rel="noopener">Runbook<span class="unseen"> for ${code}, in a new tab</span></a>`;
}
