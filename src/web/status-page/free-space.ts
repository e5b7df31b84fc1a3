import { describeFreeable, describeFreed } from '../../format/describe-freed.ts';
import { formatAge } from '../../format/duration.ts';
import type { FreeSpaceItem } from '../../model/free-space.ts';
import type { Host } from '../../model/host.ts';
import type { Pool } from '../../model/pool.ts';
import { freeSpaceIn } from '../../rules/free-space.ts';
import { renderAdvice } from './findings.ts';
import { type Html, html } from './html.ts';

/** What is first frees most; the command lists the rest. */
const most = 5;

/** What would free space, most first, as `thinpool-exporter top` lists it. */
export function renderFreeSpace(
  pool: Pool,
  host: Pick<Host, 'logicalVolumes' | 'nameRecords' | 'volumeMounts' | 'volumeUsages' | 'exclusive'>,
  now: number,
  id: string,
): Html | undefined {
  const { items, omitted, obstacle } = freeSpaceIn(pool, host, most);
  if (items.length === 0) return undefined;
  const measuredAt = items.find((item) => item.measuredAt !== undefined)?.measuredAt;
  const notes = [
    ...(measuredAt === undefined ? [] : [`Without "at most": measured ${formatAge(now - measuredAt)} ago.`]),
    ...(obstacle === undefined ? [] : [obstacle]),
    ...(omitted === 0 ? [] : [`${omitted} more: \`thinpool-exporter top ${pool.name}\``]),
  ];
  return html`<details id="${id}-free"><summary>What would free space</summary>
<table class="fastest">
<thead><tr><th scope="col">Remove or trim<th scope="col">Frees</tr></thead>
<tbody>
${items.map((item) => renderItem(item, now))}</tbody></table>
${notes.map(
  (note) => html`<p>${renderAdvice(note)}</p>
`,
)}</details>
`;
}

function renderItem(item: FreeSpaceItem, now: number): Html {
  const { name, createdAt, action } = item;
  const age = createdAt === undefined ? '' : `, ${formatAge(now - createdAt)} old`;
  return html`<tr><th scope="row"><bdi>${name}</bdi> (${describeFreeable(item)}${age}) <small>${renderAdvice(action)}</small></th><td>${describeFreed(item)}</td></tr>
`;
}
