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
import { headline, title } from './headline.ts';
import { type HostTrouble, renderHost } from './host.ts';
import { type Html, html } from './html.ts';
import { renderPool } from './pool.ts';
import type { PoolView } from './space.ts';
import { style } from './style.ts';
import { renderTimestamp } from './timestamp.ts';

export type PageDeps = Pick<Deps, 'version' | 'telemetryPath' | 'limits' | 'latest' | 'readiness' | 'now'>;

/** The status page. It comes from memory; the script only fetches it again. */
export function renderPage({ version, telemetryPath, limits, latest, readiness, now }: PageDeps): Html {
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
  const isHostFirst = urgency !== poolUrgency;
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title(verdict)}</title><style>${{ markup: style }}</style></head>
<body>
<header class="top"><div><p class="product">thinpool-exporter ${version}</p>
<h1 class="${urgency}"><bdi>${headline(verdict)}</bdi></h1>
${renderTimestamp(host.takenAt, at)}</div>
<nav aria-label="Machine-readable data"><a href="${telemetryPath}">Metrics</a> <a href="/api/v1/pools">Pools</a> <a href="/api/v1/findings">Findings</a> <a href="/api/v1/collectors">Collectors</a> <a href="/-/ready">Readiness</a></nav></header>
<main>
${isHostFirst ? aboutHost : undefined}
${renderPools(ranked, { now: at, limits: limits() })}
${isHostFirst ? undefined : aboutHost}
${renderCollectors(host.collectors, at)}
</main>
<script>${{ markup: liveScript }}</script>
</body>
</html>
`;
}

function renderPools(ranked: readonly RankedPool[], view: PoolView): Html | undefined {
  if (ranked.length === 0) return undefined;
  return html`<section id="pools" aria-labelledby="pools-title">
<h2 id="pools-title" class="unseen">Pools, worst first</h2>
${ranked.map((one) => renderPool(one, view))}</section>
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
