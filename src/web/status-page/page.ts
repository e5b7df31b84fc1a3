import type { Finding } from '../../model/finding.ts';
import type { Host } from '../../model/host.ts';
import type { Deps } from '../deps.ts';
import { liveScript } from './client.ts';
import { headline, title } from './headline.ts';
import { renderHost } from './host.ts';
import { type Html, html } from './html.ts';
import { renderPool } from './pool.ts';
import { type Case, type Level, levelOf, rankPools, worst } from './ranking.ts';
import { renderSources } from './sources.ts';
import { style } from './style.ts';
import { renderMoment } from './timestamp.ts';

export type PageDeps = Pick<Deps, 'version' | 'telemetryPath' | 'latest' | 'readiness' | 'now'>;

/** The status page. It comes from memory; the script only fetches it again. */
export function renderPage({ version, telemetryPath, latest, readiness, now }: PageDeps): Html {
  const { host, findings, trends } = latest();
  const at = now();
  const reasons = readiness();
  const cases = rankPools(host.pools, { findings, trends });
  const others = besidesPools(findings, host);
  const hostLevel = levelOfHost(host, others, reasons);
  const verdict = { host, cases, hostLevel };
  const aboutHost = renderHost(host, others, reasons, at);
  const poolLevel = cases[0]?.level ?? 'well';
  const level = worst([hostLevel, poolLevel]);
  const isHostFirst = level !== poolLevel;
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title(verdict)}</title><style>${{ markup: style }}</style></head>
<body>
<header class="top"><div><p class="product">thinpool-exporter ${version}</p>
<h1 class="${level}"><bdi>${headline(verdict)}</bdi></h1>
${renderMoment(host.takenAt, at)}</div>
<nav aria-label="Machine-readable data"><a href="${telemetryPath}">Metrics</a> <a href="/api/v1/pools">Pools</a> <a href="/api/v1/findings">Findings</a> <a href="/api/v1/sources">Collectors</a> <a href="/-/ready">Readiness</a></nav></header>
<main>
${isHostFirst ? aboutHost : undefined}
${renderPools(cases, at)}
${isHostFirst ? undefined : aboutHost}
${renderSources(host.sources, at)}
</main>
<script>${{ markup: liveScript }}</script>
</body>
</html>
`;
}

function renderPools(cases: readonly Case[], now: number): Html | undefined {
  if (cases.length === 0) return undefined;
  return html`<section id="pools" aria-labelledby="pools-title">
<h2 id="pools-title" class="unseen">Pools, worst first</h2>
${cases.map((one) => renderPool(one, now))}</section>
`;
}

function besidesPools(findings: readonly Finding[], { pools }: Host): readonly Finding[] {
  const names = new Set(pools.map(({ name }) => name));
  return findings.filter(({ pool }) => pool === undefined || !names.has(pool));
}

function levelOfHost(host: Host, findings: readonly Finding[], reasons: readonly string[]): Level {
  const gone: Level = host.missingPools.length > 0 ? 'warning' : 'well';
  const known: Level = host.discovered && reasons.length === 0 ? 'well' : 'unknown';
  return worst([gone, known, ...findings.map(levelOf)]);
}
