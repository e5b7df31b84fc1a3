import type { Pool, Volume } from '../../model/host.ts';
import type { PoolTrend, VolumeGrowth } from '../../model/trend.ts';
import { formatBytes } from '../../text/amount.ts';
import { type Content, type Html, html } from '../html.ts';
import { formatRate } from './growth.ts';

/** Who fills it is nearly always among the first. */
const most = 5;

/** The volumes of a pool that grow most; undefined where none is known to. */
export function renderFastest(pool: Pool, trend: PoolTrend | undefined): Html | undefined {
  const growing = (trend?.fastest ?? []).filter(({ bytesPerSecond }) => bytesPerSecond > 0).slice(0, most);
  if (growing.length === 0) return undefined;
  return html`<table class="fastest">
<caption>Grows fastest</caption>
<thead><tr><th scope="col">Volume<th scope="col">Rate<th scope="col">Mapped</tr></thead>
<tbody>
${growing.map((growth) => renderGrowth(growth, pool))}</tbody></table>
`;
}

function renderGrowth({ volume, bytesPerSecond, mappedBytes }: VolumeGrowth, pool: Pool): Html {
  const known = pool.volumes.find(({ name }) => name === volume);
  return html`<tr><th scope="row">${renderName(volume, known)}<td>${formatRate(bytesPerSecond)}<td>${formatBytes(mappedBytes)}</tr>
`;
}

/** As people call it, and below that as device-mapper does, where the two differ. */
function renderName(name: string, volume: Volume | undefined): Content {
  const called = volume?.lvName;
  return called === undefined || called === name
    ? renderDmName(name)
    : html`<bdi>${called}</bdi> <small>${renderDmName(name)}</small>`;
}

/** Docker takes the first twelve digits of an id for all of it, and so do people. */
function renderDmName(name: string): Html {
  const short = name.replace(/(?<=[0-9a-f]{12})[0-9a-f]{52}/, '…');
  return html`<bdi title="${name}">${short}</bdi>`;
}
