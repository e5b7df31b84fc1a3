import { formatBytes } from '../../format/bytes.ts';
import { describeUse } from '../../format/describe-use.ts';
import { formatRate } from '../../format/rate.ts';
import type { KnownAs, Pool, Volume } from '../../model/pool.ts';
import type { PoolTrend, VolumeGrowth } from '../../model/trend.ts';
import { type Content, type Html, html } from './html.ts';

/** The volume that fills the pool is nearly always among the first. */
const most = 5;

/** The fastest growing volumes. */
export function renderFastest(pool: Pool, trend: PoolTrend | undefined): Html | undefined {
  const growing = growingOf(trend).slice(0, most);
  if (growing.length === 0) return undefined;
  const named = new Map(pool.volumes.map((volume) => [volume.name, volume]));
  return renderTable(
    'Fastest growing volumes',
    ['Volume', 'Rate', 'Mapped'],
    growing.map(({ volume, bytesPerSecond, mappedBytes }) => [
      renderName(volume, named.get(volume)),
      formatRate(bytesPerSecond),
      formatBytes(mappedBytes),
    ]),
  );
}

/** The largest volumes, if none grows. */
export function renderLargest(pool: Pool, trend: PoolTrend | undefined): Html | undefined {
  const largest = largestOf(pool.volumes);
  if (growingOf(trend).length > 0 || largest.length === 0) return undefined;
  return renderTable(
    'Largest volumes (blocks shared with snapshots counted in each)',
    ['Volume', 'Mapped'],
    largest.map((volume) => [renderName(volume.name, volume), formatBytes(volume.mappedBytes ?? 0)]),
  );
}

function growingOf(trend: PoolTrend | undefined): readonly VolumeGrowth[] {
  return (trend?.fastest ?? []).filter(({ bytesPerSecond }) => bytesPerSecond > 0);
}

function largestOf(volumes: readonly Volume[]): readonly Volume[] {
  return volumes
    .filter(({ mappedBytes = 0 }) => mappedBytes > 0)
    .sort((one, other) => (other.mappedBytes ?? 0) - (one.mappedBytes ?? 0))
    .slice(0, most);
}

function renderTable(
  caption: string,
  titles: readonly string[],
  rows: readonly (readonly Content[])[],
): Html {
  return html`<table class="fastest">
<caption>${caption}</caption>
<thead><tr>${titles.map((title) => html`<th scope="col">${title}`)}</tr></thead>
<tbody>
${rows.map(
  ([name, ...figures]) => html`<tr><th scope="row">${name}${figures.map((figure) => html`<td>${figure}`)}</tr>
`,
)}</tbody></table>
`;
}

/** The name that people use, and below it the name of the LV or, if it differs, the device. */
function renderName(name: string, volume: Volume | undefined): Content {
  const called = volume?.knownAs;
  const use = volume?.use;
  if (use !== undefined && use.role !== 'layer' && (called === undefined || called.kind === 'lvm'))
    return html`<bdi>${describeUse(use)}</bdi> <small><bdi title="${name}">${shorten(called?.name ?? name)}</bdi></small>`;
  return called === undefined || called.name === name
    ? renderDmName(name)
    : html`${kinds[called.kind]}<bdi>${called.name}</bdi>${called.image === undefined ? undefined : html` (<bdi>${called.image}</bdi>)`} <small>${renderDmName(name)}</small>`;
}

const kinds: Readonly<Record<KnownAs['kind'], string>> = {
  lvm: '',
  'docker-container': 'container ',
  'docker-image': 'image ',
  'containerd-snapshot': 'snapshot ',
};

function renderDmName(name: string): Html {
  return html`<bdi title="${name}">${shorten(name)}</bdi>`;
}

/** Docker shows the first twelve digits of an ID. */
function shorten(name: string): string {
  return name.replace(/(?<=[0-9a-f]{12})[0-9a-f]{52}/, '…');
}
