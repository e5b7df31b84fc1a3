import type { Finding } from '../../model/finding.ts';
import type { Host } from '../../model/host.ts';
import { arePoolsKnown } from '../../model/known-pools.ts';
import {
  type RankedPool,
  rankPools,
  type Urgency,
  urgencyOf,
  urgencyOfPending,
  worst,
} from '../../rules/ranking.ts';
import type { Deps } from '../deps.ts';
import { liveScript } from './client.ts';
import { renderCollectors } from './collectors.ts';
import { countLevels, headline, levelWords, title } from './headline.ts';
import { type HostTrouble, renderHost } from './host.ts';
import { type Html, html } from './html.ts';
import { renderNotify } from './notify.ts';
import { renderPools } from './pool-list.ts';
import { style } from './style.ts';
import { formatAgo, isOld, renderTimestamp } from './timestamp.ts';

export type PageDeps = Pick<
  Deps,
  'version' | 'hostName' | 'telemetryPath' | 'limits' | 'latest' | 'readiness' | 'now'
>;

/** The status page. It comes from memory; the script only fetches it again. */
export function renderPage({
  version,
  hostName,
  telemetryPath,
  limits,
  latest,
  readiness,
  now,
}: PageDeps): Html {
  const { host, findings, pending, trends, muted = [] } = latest();
  const at = now();
  const reasons = readiness();
  const ranked = rankPools(host.pools, { findings, pending, trends });
  const others = {
    findings: outsidePools(findings, host),
    pending: outsidePools(pending, host),
    reasons,
    muted,
  };
  const hostUrgency = urgencyOfHost(host, others);
  const verdict = { host, ranked, hostUrgency };
  const aboutHost = renderHost(host, others, at);
  const poolUrgency = worst(ranked.map((one) => one.urgency));
  const urgency = worst([hostUrgency, poolUrgency]);
  const old = isOld(host.takenAt, at);
  const isHostFirst = urgency !== poolUrgency;
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title(verdict, hostName, old)}</title><style>${{ markup: style }}</style></head>
<body>
<header class="top"><p class="hostname"><bdi>${hostName}</bdi> <span>thin pools</span></p>
<h1 class="${old ? 'unknown' : urgency}"><bdi>${headline(verdict)}</bdi>${old ? html` <small>as of ${formatAgo(at - host.takenAt)}</small>` : undefined}</h1>
${renderCounts(ranked)}${renderTimestamp(host.takenAt, at)}
<nav aria-label="Runbooks and data"><a href="/runbooks">Runbooks</a> <a href="${telemetryPath}">Metrics (text)</a> <a href="/api/v1/pools">Pools (JSON)</a> <a href="/api/v1/findings">Findings (JSON)</a> <a href="/api/v1/collectors">Collectors (JSON)</a> <a href="/-/ready">Readiness (text)</a></nav></header>
<main${old ? html` class="old"` : undefined}>
${isHostFirst ? aboutHost : undefined}
${ranked.length === 0 && host.discovered && !host.excludedPools ? renderNoPools() : renderPools(ranked, { now: at, limits: limits(), host })}
${isHostFirst ? undefined : aboutHost}
${renderCollectors(host.collectors, at)}
${renderNotify(host.notify, at)}</main>
<footer>thinpool-exporter ${version}</footer>
<script>${{ markup: liveScript }}</script>
</body>
</html>
`;
}

function renderNoPools(): Html {
  return html`<p class="empty">A pool appears here within seconds of being created or activated.</p>
`;
}

function renderCounts(ranked: readonly RankedPool[]): Html | undefined {
  const counts = countLevels(ranked);
  if (counts.length === 0) return undefined;
  return html`<ul class="counts" aria-label="Pools by state">${counts.map(([urgency, count]) => html`<li class="${urgency}"><b>${count}</b> ${levelWords[urgency]}`)}</ul>
`;
}

function outsidePools<Some extends Finding>(findings: readonly Some[], { pools }: Host): readonly Some[] {
  const names = new Set(pools.map(({ name }) => name));
  return findings.filter(({ pool }) => pool === undefined || !names.has(pool));
}

function urgencyOfHost(host: Host, { findings, pending, reasons }: HostTrouble): Urgency {
  const ofMissing: Urgency = host.missingPools.length > 0 ? 'warning' : 'healthy';
  const ofState: Urgency = arePoolsKnown(host) && reasons.length === 0 ? 'healthy' : 'unknown';
  return worst([ofMissing, ofState, ...findings.map(urgencyOf), ...pending.map(urgencyOfPending)]);
}
