import { formatBytes, formatShare } from '../../format/bytes.ts';
import type { PoolCounters } from '../../model/facts.ts';
import type { Host } from '../../model/host.ts';
import type { LastKnown, Resource, Space } from '../../model/pool.ts';
import type { Limits } from '../../rules/limits.ts';
import type { RankedPool } from '../../rules/ranking.ts';
import { renderBar, renderKey, renderOldBar, shortageOf } from './bar.ts';
import { type Mark, marksOf } from './bar-marks.ts';
import { renderChart } from './chart.ts';
import { describeGrowth } from './growth.ts';
import { type Content, type Html, html } from './html.ts';
import { describeTimesLeft } from './time-left.ts';
import { formatAgo } from './timestamp.ts';

/** Rounded figures are not to be taken for counted ones. */
const origins = { kernel: undefined, lvm: 'about, by LVM: ', docker: 'about, by Docker: ' } as const;

const titles: Readonly<Record<Resource, string>> = { data: 'Data', metadata: 'Metadata' };

/** What a pool is seen with: the moment, and the limits in force. */
export interface PoolView {
  readonly now: number;
  readonly limits: Limits;
  /** What LVM and the hosts' files list, for volumes that are not active. */
  readonly host: Pick<Host, 'logicalVolumes' | 'nameRecords' | 'volumeMounts' | 'volumeUsages'>;
}

/** One resource of a pool: usage, marks, and trend. */
export function renderSpace(ranked: RankedPool, resource: Resource, { now, limits }: PoolView): Html {
  const space = ranked.pool[resource];
  return html`<div class="space">
${space === undefined ? renderUnknown(resource, ranked.pool.lastKnown, now) : renderKnown(ranked, space, resource, { now, limits })}</div>
`;
}

function renderKnown(
  { pool, trend, timesLeft }: RankedPool,
  space: Space,
  resource: Resource,
  { now, limits }: Pick<PoolView, 'now' | 'limits'>,
): Content {
  const { usedBytes, sizeBytes, availableBytes } = space;
  const marks = marksOf(pool, resource, limits);
  const own = timesLeft.filter((timeLeft) => timeLeft.resource === resource);
  const left = own.length === 0 ? '' : describeTimesLeft(own);
  const growth = trend?.[resource];
  // Where a time is known, that its rate is not known yet is no news.
  const isSaid = growth?.bytesPerSecond === undefined && left !== '';
  const going = [isSaid ? '' : describeGrowth(growth), left].filter((part) => part !== '').join(', ');
  return html`<h4>${titles[resource]} <strong>${formatShare(usedBytes, sizeBytes)}</strong></h4>
<p class="amounts">${origins[space.origin]}<span>${formatBytes(usedBytes)} of ${formatBytes(sizeBytes)},</span> <span>${formatBytes(availableBytes)} left</span></p>
${renderBar(resource, space, marks)}${renderKeys(marks)}
${renderChart({ resource, trend: growth, marks, shortage: shortageOf(space, marks), now })}<p class="trend">${capital(going)}</p>
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
