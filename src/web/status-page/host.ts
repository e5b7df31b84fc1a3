import { describeGap } from '../../format/describe-state.ts';
import type { Finding, PendingFinding } from '../../model/finding.ts';
import type { Host, MissingPool } from '../../model/host.ts';
import { renderAllFindings, renderPending } from './findings.ts';
import { type Html, html } from './html.ts';
import { formatAgo } from './timestamp.ts';

/** What is wrong with the host, apart from its pools. */
export interface HostTrouble {
  readonly findings: readonly Finding[];
  readonly pending: readonly PendingFinding[];
  /** Why data is incomplete or old, as sentences. */
  readonly reasons: readonly string[];
}

/** Everything that is not about a present pool: missing data, disappeared pools, findings about the host. */
export function renderHost(
  host: Host,
  { findings, pending, reasons }: HostTrouble,
  now: number,
): Html | undefined {
  const gap = describeGap(host);
  const { missingPools } = host;
  const entries = findings.length + pending.length + reasons.length + missingPools.length;
  if (entries === 0 && gap === undefined) return undefined;
  return html`<section class="host" id="host" aria-labelledby="host-title">
<h2 id="host-title">This host</h2>
${gap === undefined ? undefined : html`<p class="gap">${gap.replaceAll('`', '')}</p>`}
${reasons.length === 0 ? undefined : html`<ul class="gap">${reasons.map((reason) => html`<li>Not ready: ${reason}`)}</ul>`}
${missingPools.map((pool) => renderMissing(pool, now))}
${findings.length === 0 ? undefined : renderAllFindings(findings, now)}${renderPending(pending, 'host-pending', now)}</section>
`;
}

function renderMissing({ name, lastSeenAt }: MissingPool, now: number): Html {
  return html`<p class="gone">Pool <bdi>${name}</bdi> has disappeared. Last seen ${formatAgo(now - lastSeenAt)}.</p>
`;
}
