import { describeGap } from '../../format/describe-state.ts';
import type { Finding } from '../../model/finding.ts';
import type { Host, MissingPool } from '../../model/host.ts';
import { renderAllFindings } from './findings.ts';
import { type Html, html } from './html.ts';
import { formatAgo } from './timestamp.ts';

/** Everything that is not about a present pool: missing data, disappeared pools, findings about the host. */
export function renderHost(
  host: Host,
  findings: readonly Finding[],
  reasons: readonly string[],
  now: number,
): Html | undefined {
  const gap = describeGap(host);
  const { missingPools } = host;
  if (findings.length + reasons.length + missingPools.length === 0 && gap === undefined) return undefined;
  return html`<section class="host" id="host" aria-labelledby="host-title">
<h2 id="host-title">This host</h2>
${gap === undefined ? undefined : html`<p class="gap">${gap}</p>`}
${reasons.length === 0 ? undefined : html`<ul class="gap">${reasons.map((reason) => html`<li>Not ready: ${reason}`)}</ul>`}
${missingPools.map((pool) => renderMissing(pool, now))}
${findings.length === 0 ? undefined : renderAllFindings(findings, now)}</section>
`;
}

function renderMissing({ name, lastSeenAt }: MissingPool, now: number): Html {
  return html`<p class="gone">Pool <bdi>${name}</bdi> has disappeared. Last seen ${formatAgo(now - lastSeenAt)}.</p>
`;
}
