import { describeExcluded } from '../../format/describe-excluded.ts';
import { describeGap } from '../../format/describe-state.ts';
import type { Finding, MutedFinding, PendingFinding } from '../../model/finding.ts';
import type { Host, MissingPool } from '../../model/host.ts';
import { describeMuted } from '../../rules/finding-options.ts';
import { renderAllFindings, renderPending } from './findings.ts';
import { type Html, html } from './html.ts';
import { formatAgo } from './timestamp.ts';

/** What is wrong with the host, apart from its pools. */
export interface HostTrouble {
  readonly findings: readonly Finding[];
  readonly pending: readonly PendingFinding[];
  /** Of pools, too: they raise no alert. */
  readonly muted: readonly MutedFinding[];
  /** Why data is incomplete or old, as sentences. */
  readonly reasons: readonly string[];
}

/** Everything that is not about a present pool: missing data, disappeared pools, findings about the host. */
export function renderHost(
  host: Host,
  { findings, pending, reasons, muted }: HostTrouble,
  now: number,
): Html | undefined {
  const gap = describeGap(host);
  const { missingPools } = host;
  const excluded = describeExcluded(host.excludedPools);
  const entries = findings.length + pending.length + reasons.length + missingPools.length + muted.length;
  if (entries === 0 && gap === undefined && excluded === undefined) return undefined;
  return html`<section class="host" id="host" aria-labelledby="host-title">
<h2 id="host-title">This host</h2>
${gap === undefined ? undefined : html`<p class="gap">${gap.replaceAll('`', '')}</p>`}
${reasons.length === 0 ? undefined : html`<ul class="gap">${reasons.map((reason) => html`<li>Not ready: ${reason}`)}</ul>`}
${missingPools.map((pool) => renderMissing(pool, now))}
${findings.length === 0 ? undefined : renderAllFindings(findings, now)}${renderPending(pending, 'host-pending', now)}${renderMuted(muted)}${excluded === undefined ? undefined : html`<p class="fine">${excluded}.</p>`}</section>
`;
}

function renderMuted(muted: readonly MutedFinding[]): Html | undefined {
  if (muted.length === 0) return undefined;
  return html`<ul class="fine">${muted.map((finding) => html`<li><code>${finding.code}</code>: ${finding.summary} (${describeMuted(finding)})`)}</ul>
`;
}

function renderMissing({ name, lastSeenAt }: MissingPool, now: number): Html {
  return html`<p class="gone">Pool <bdi>${name}</bdi> has disappeared. Last seen ${formatAgo(now - lastSeenAt)}.</p>
`;
}
