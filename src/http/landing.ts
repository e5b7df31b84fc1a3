import { createHash } from 'node:crypto';
import type { Finding } from '../model/finding.ts';
import type { MissingPool, Pool, SourceState, Space } from '../model/host.ts';
import { formatBytes, formatShare } from '../text/amount.ts';
import { formatAge } from '../text/duration.ts';
import { describeGap, describeState, describeTrouble } from '../text/state-words.ts';
import type { Deps } from './deps.ts';
import { type Html, html } from './html.ts';

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid #8886; padding: .3rem .8rem .3rem 0; text-align: left; vertical-align: top; }
meter { width: 6rem; }
.critical { border-left: .4rem solid #c22; padding-left: .6rem; }
.warning { border-left: .4rem solid #d90; padding-left: .6rem; }
.info { border-left: .4rem solid #38c; padding-left: .6rem; }
small { opacity: .75; }
`;

/** Allows this page's own style sheet and nothing else: no script, no image, no other host. */
export const landingPolicy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The page for people. Every name in it comes from outside and is escaped; `bdi` keeps its direction to itself. */
export function renderLanding(
  deps: Pick<Deps, 'version' | 'telemetryPath' | 'latest' | 'readiness' | 'now'>,
): Html {
  const { host, findings } = deps.latest();
  const now = deps.now();
  return html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>thinpool-exporter</title><style>${{ markup: style }}</style></head>
<body>
<h1>thinpool-exporter <small>${deps.version}</small></h1>
<p><a href="${deps.telemetryPath}">Metrics</a> · <a href="/api/v1/pools">Pools</a>, <a href="/api/v1/findings">findings</a> and <a href="/api/v1/sources">sources</a> as JSON · <a href="/-/ready">Ready?</a></p>
${deps.readiness().map((reason) => html`<p class="critical">Not ready: ${reason}</p>`)}
<h2>Findings</h2>
${findings.length === 0 ? html`<p>${host.discovered ? 'None.' : 'None, but not all is known.'}</p>` : findings.map((finding) => renderFinding(finding, now))}
<h2>Pools</h2>
${describeGap(host)}
${host.pools.length === 0 && host.discovered ? html`<p>This host has no thin pools.</p>` : undefined}
${host.pools.length > 0 ? renderPools(host.pools, now) : undefined}
${host.missingPools.map((pool) => renderMissing(pool, now))}
<h2>Sources</h2>
${renderSources(host.sources, now)}
</body>
</html>
`;
}

function renderFinding(
  { severity, code, pool, resource, summary, advice, since }: Finding,
  now: number,
): Html {
  const about = [pool, resource].filter((word) => word !== undefined).join(' ');
  const age = since === undefined ? '' : `, for ${formatAge(now - since)}`;
  return html`<p class="${severity}"><strong>${severity} ${code}</strong> <bdi>${about}</bdi>${age}<br>${summary}<br>${advice}</p>
`;
}

function renderPools(pools: readonly Pool[], now: number): Html {
  return html`<table>
<tr><th>Pool<th>State<th>Data<th>Metadata<th>Volumes<th>Read</tr>
${pools.map((pool) => renderPool(pool, now))}</table>`;
}

function renderPool(pool: Pool, now: number): Html {
  const { name, owner, data, metadata, volumeCount, statusTakenAt, late } = pool;
  const read =
    statusTakenAt === undefined ? 'never, or too long ago' : `${formatAge(now - statusTakenAt)} ago`;
  const waiting = late === undefined ? '' : `, ${late.source} overdue for ${formatAge(now - late.since)}`;
  return html`<tr><td><bdi>${name}</bdi><br><small>${owner}</small><td>${describeState(pool)}<td>${renderSpace(data)}<td>${renderSpace(metadata)}<td>${volumeCount}<td>${read}${waiting}</tr>
`;
}

function renderSpace(space: Space | undefined): Html {
  if (space === undefined) return html`unknown`;
  const { usedBytes, sizeBytes, availableBytes } = space;
  return html`<meter min="0" max="1" high="0.8" optimum="0" value="${usedBytes / sizeBytes}"></meter> ${formatShare(usedBytes, sizeBytes)}<br><small>${formatBytes(usedBytes)} of ${formatBytes(sizeBytes)}, ${formatBytes(availableBytes)} available</small>`;
}

function renderMissing({ name, lastSeenAt }: MissingPool, now: number): Html {
  return html`<p class="critical"><bdi>${name}</bdi> is gone, last seen ${formatAge(now - lastSeenAt)} ago.</p>
`;
}

function renderSources(sources: readonly SourceState[], now: number): Html {
  return html`<table>
<tr><th>Source<th>State<th>Last success<th>Trouble</tr>
${sources.map((source) => renderSource(source, now))}</table>`;
}

function renderSource(source: SourceState, now: number): Html {
  const { name, status, lastSuccessAt } = source;
  const success = lastSuccessAt === undefined ? 'never' : `${formatAge(now - lastSuccessAt)} ago`;
  const path = `/api/v1/sources/${encodeURIComponent(name)}`;
  return html`<tr><td><a href="${path}">${name}</a><td>${status}<td>${success}<td>${describeTrouble(source, now)}</tr>
`;
}
