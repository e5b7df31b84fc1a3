import { formatBytes, formatShare } from '../../format/bytes.ts';
import { formatAge } from '../../format/duration.ts';
import { formatRate, mebibyte } from '../../format/rate.ts';
import type { PoolCounters } from '../../model/facts.ts';
import type { LastKnown, Resource, Space } from '../../model/pool.ts';
import type { SpaceTrend } from '../../model/trend.ts';
import { renderBar, renderKey, renderOldBar } from './bar.ts';
import { type Mark, marksOf } from './bar-marks.ts';
import { type Content, type Html, html } from './html.ts';
import type { RankedPool } from './ranking.ts';
import { renderSparkline } from './sparkline.ts';
import { describeTimeLeft, timesLeftOfSpace } from './time-left.ts';
import { formatAgo } from './timestamp.ts';

/** Rounded figures are not to be taken for counted ones. */
const origins = { kernel: undefined, lvm: 'about, by LVM: ', docker: 'about, by Docker: ' } as const;

const titles: Readonly<Record<Resource, string>> = { data: 'Data', metadata: 'Metadata' };

/** One resource of a pool: usage, marks, and trend. */
export function renderSpace(ranked: RankedPool, resource: Resource, now: number): Html {
  const space = ranked.pool[resource];
  return html`<div class="space">
${space === undefined ? renderUnknown(resource, ranked.pool.lastKnown, now) : renderKnown(ranked, resource, space)}</div>
`;
}

function renderKnown({ pool, trend }: RankedPool, resource: Resource, space: Space): Content {
  const { usedBytes, sizeBytes, availableBytes } = space;
  const marks = marksOf(pool, resource);
  const timesLeft = timesLeftOfSpace(pool, resource, trend).map(describeTimeLeft);
  const going = [describeGrowth(trend?.[resource]), ...timesLeft].join(', ');
  return html`<h4>${titles[resource]} <strong>${formatShare(usedBytes, sizeBytes)}</strong></h4>
<p class="amounts">${origins[space.origin]}${formatBytes(usedBytes)} of ${formatBytes(sizeBytes)}, ${formatBytes(availableBytes)} left</p>
${renderBar(resource, space, marks)}${renderKeys(marks)}
<div class="trend">${renderSparkline(trend?.[resource])}<p>${capital(going)}</p></div>
`;
}

function renderKeys(marks: readonly Mark[]): Html | undefined {
  if (marks.length === 0) return undefined;
  return html`<ul class="keys">${marks.map(
    (mark) => html`
<li>${renderKey(mark)} ${mark.message}${mark.passed ? html` <b>passed</b>` : undefined}`,
  )}
</ul>`;
}

function renderUnknown(resource: Resource, before: LastKnown | undefined, now: number): Content {
  const title = html`<h4>${titles[resource]} <strong>unknown</strong></h4>
`;
  const share = before?.counters && usedShare(before.counters, resource);
  if (before === undefined || share === undefined) return title;
  return html`${title}<p class="amounts"><b class="tag">old</b> ${formatShare(share, 1)} when last read, ${formatAgo(now - before.takenAt)}</p>
${renderOldBar(resource, share)}`;
}

function usedShare(counters: PoolCounters, resource: Resource): number {
  return resource === 'data'
    ? counters.dataUsedBlocks / counters.dataBlocks
    : counters.metadataUsedBlocks / counters.metadataBlocks;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function describeGrowth(trend: SpaceTrend | undefined): string {
  const rate = trend?.bytesPerSecond;
  if (rate === undefined) return 'growth rate not known yet';
  const over = trend?.overMs === undefined ? '' : ` over the last ${formatAge(trend.overMs)}`;
  if (Math.abs(rate) * 86_400 < mebibyte) return `steady${over}`;
  return `${rate > 0 ? 'grows' : 'shrinks'} by ${formatRate(Math.abs(rate))}${over}`;
}
