import { formatAge } from '../../format/duration.ts';
import { type Finding, type PendingFinding, type Severity, severities } from '../../model/finding.ts';
import { projectRunbooks } from '../../model/project.ts';
import { describeOverride } from '../../rules/finding-options.ts';
import { type Html, html } from './html.ts';

const words: Readonly<Record<Severity, readonly [one: string, many: string]>> = {
  critical: ['critical', 'critical'],
  warning: ['warning', 'warnings'],
  info: ['note', 'notes'],
};

/**
 * The worst finding in full, a line for each other one that pages, the rest folded: one cause has several, and space has to stay
 * in sight. `id` keeps them open over a refresh.
 */
export function renderFindings(findings: readonly Finding[], id: string, now: number): Html | undefined {
  const [first] = findings;
  if (first === undefined) return undefined;
  const paging = findings.filter((finding) => finding !== first && finding.severity === 'critical');
  const others = findings.filter((finding) => finding !== first && !paging.includes(finding));
  if (first.severity === 'info') return html`${renderFolded(findings, id, '', now)}`;
  return html`<ol class="findings">
${renderFinding(first, now)}${renderLines(paging, id, now)}</ol>
${others.length === 0 ? undefined : renderFolded(others, id, 'more ', now)}`;
}

export function renderAllFindings(findings: readonly Finding[], now: number): Html {
  return html`<ol class="findings">
${findings.map((finding) => renderFinding(finding, now))}</ol>
`;
}

/**
 * What is about to be reported, and when. `isNews`: nothing worse is known, so it is in full. Notes are folded: they can wait.
 */
export function renderPending(
  pending: readonly PendingFinding[],
  id: string,
  now: number,
  isNews = true,
): Html | undefined {
  const urgent = pending.filter(({ severity }) => severity !== 'info');
  const notes = pending.filter(({ severity }) => severity === 'info');
  if (pending.length === 0) return undefined;
  return html`${urgent.length === 0 ? undefined : isNews ? renderWaiting(urgent, now) : renderWaitingLines(urgent, id, now)}${
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

function renderWaitingLines(pending: readonly PendingFinding[], id: string, now: number): Html {
  return html`<ol class="findings pending">
${renderLines(pending, id, now)}</ol>
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
  return html`<li class="${finding.severity}"><p class="what">${renderSummary(finding, now)}</p>
${renderRest(finding, now)}`;
}

/** Each is a line that opens. */
function renderLines(
  findings: readonly (Finding | PendingFinding)[],
  id: string,
  now: number,
): readonly Html[] {
  return findings.map((finding, at) => {
    const { severity, code, resource = '', target = '' } = finding;
    const key = encodeURIComponent([code, resource, target].join('-'));
    const isRepeated = findings
      .slice(0, at)
      .some((one) => one.code === code && one.resource === finding.resource && one.target === finding.target);
    return html`<li class="${severity}" id="${id}-${key}${isRepeated ? `-${at}` : ''}"><details><summary class="what">${renderSummary(finding, now)}</summary>
${renderRest(finding, now)}</details>
`;
  });
}

function renderSummary(finding: Finding | PendingFinding, now: number): Html {
  const { severity, summary } = finding;
  const waiting =
    'reportedAt' in finding
      ? html` <b class="tag">pending, reported in ${formatAge(Math.max(1000, finding.reportedAt - now))}</b>`
      : undefined;
  return html`<b class="severity">${words[severity][0]}</b> ${summary}${waiting}`;
}

function renderRest(finding: Finding, now: number): Html {
  const { code, resource, advice, since, lastKnown, runbook } = finding;
  const override = describeOverride(finding);
  const about = resource === undefined ? '' : `, ${resource}`;
  const age = since === undefined || now - since < 1000 ? '' : `, for ${formatAge(now - since)}`;
  const old = lastKnown === true ? html` <b class="tag">old</b> last known state, may have ended` : undefined;
  return html`<p class="advice"><b>Do:</b> ${renderAdvice(advice)} ${renderRunbook(code, runbook)}</p>
<p class="fine"><code>${code}</code>${about}${age}${override === undefined ? '' : `, ${override}`}${old}</p>
`;
}

/** What stands in backticks, with the brackets and punctuation around it, which stay in its line. */
const quoted = /(?<before>\(?)`(?<text>[^`]+)`(?<after>[.,;:)]*)/g;

/**
 * Each command in a line of its own, which a click selects. It stays in its sentence: the words before it say when to run it,
 * and a list would invite running them all. A single word is a name, not a command.
 */
export function renderAdvice(advice: string): readonly Html[] {
  const parts: Html[] = [];
  let end = 0;
  for (const { 0: whole, index, groups } of advice.matchAll(quoted)) {
    const { before = '', text = '', after = '' } = groups ?? {};
    parts.push(html`${advice.slice(end, index)}`);
    parts.push(
      text.includes(' ') ? renderCommand(before, text, after) : html`${before}<code>${text}</code>${after}`,
    );
    end = index + whole.length;
  }
  return [...parts, html`${advice.slice(end)}`];
}

/** In its own line a command needs no punctuation, which would stand alone below a long one; but brackets come in pairs. */
function renderCommand(before: string, text: string, after: string): Html {
  const isWhole = (before === '(') === after.includes(')');
  const mark = (punctuation: string): Html | undefined =>
    punctuation === ''
      ? undefined
      : isWhole
        ? html`<span class="unseen">${punctuation}</span>`
        : html`${punctuation}`;
  return html`<span class="command">${mark(before)}<code>${text}</code>${mark(after)}</span>`;
}

/** In a new tab: the status page has to stay open. */
function renderRunbook(code: string, address: string | undefined): Html | undefined {
  return address === undefined
    ? undefined
    : html`<a href="${ownRunbook(address) ?? address}" target="_blank" rel="noopener">Runbook<span class="unseen"> for ${code}, in a new tab</span></a>`;
}

/** Who reads this page reaches the exporter, and perhaps not the internet: its own copy of the project's runbook. */
function ownRunbook(address: string): string | undefined {
  const [before = '', after = ''] = projectRunbooks.split('{alert}');
  const isOfProject = address.startsWith(before) && address.endsWith(after);
  return isOfProject ? `/runbooks/${address.slice(before.length, -after.length)}` : undefined;
}
