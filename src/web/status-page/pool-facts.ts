import { formatBytes } from '../../format/bytes.ts';
import { formatAge } from '../../format/duration.ts';
import type { Autoextend, Owner, Pool } from '../../model/pool.ts';
import { type Content, type Html, html } from './html.ts';
import { formatAgo } from './timestamp.ts';

/** What a person needs to know before acting on a pool. Unknown facts are listed as unknown. */
export function renderPoolFacts(pool: Pool, now: number): Html {
  const rows: readonly (readonly [term: string, message: Content])[] = [
    ['Managed by', describeOwner(pool)],
    ['VG free space', describeReserve(pool)],
    ['Autoextend', describeAutoextend(pool.autoextend)],
    ['When full', describeWhenFull(pool)],
    ['Volumes', describeVolumes(pool)],
    ['Status read', describeReading(pool, now)],
  ];
  return html`<dl class="facts">${rows.map(
    ([term, message]) => html`
<div><dt>${term}</dt> <dd>${message}</dd></div>`,
  )}
</dl>
`;
}

const owners: Readonly<Record<Owner, string>> = {
  lvm: 'LVM',
  docker: 'Docker',
  'containers-storage': 'containers-storage',
  containerd: 'containerd',
  stratis: 'stratis',
  other: 'unknown',
};

function describeOwner({ owner, vgName, lvName, device }: Pool): Content {
  const lv =
    vgName === undefined || lvName === undefined ? undefined : html`, <bdi>${vgName}/${lvName}</bdi>`;
  return html`${owners[owner]}${lv}${device === undefined ? undefined : `, device ${device}`}`;
}

function describeReserve({ vgName, volumeGroup, owner }: Pool): Content {
  if (volumeGroup === undefined)
    return vgName === undefined && owner !== 'lvm' ? 'no VG: not an LVM pool' : 'unknown';
  const { freeBytes, sizeBytes } = volumeGroup;
  return html`${formatBytes(freeBytes)} of ${formatBytes(sizeBytes)} free in <bdi>${volumeGroup.vgName}</bdi>`;
}

function describeAutoextend(autoextend: Autoextend | undefined): string {
  if (autoextend === undefined) return 'unknown';
  const { enabled, thresholdPercent, stepPercent, steps } = autoextend;
  if (!enabled) return 'off';
  const next = steps.map(({ resource, neededBytes, shortfallBytes }) => {
    const needs = neededBytes === undefined ? 'an unknown amount' : formatBytes(neededBytes);
    return `${resource} needs ${needs}${describeShortfall(shortfallBytes)}`;
  });
  return [`by ${stepPercent}% above ${thresholdPercent}%`, ...next].join('; ');
}

function describeShortfall(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  return bytes === 0 ? ', available in the VG' : `, the VG is ${formatBytes(bytes)} short`;
}

const policies = { queue: 'writes are queued', error: 'writes fail immediately' } as const;

function describeWhenFull({ counters, table, lvm }: Pool): string {
  if (table === undefined) return lvm?.whenFull === undefined ? 'unknown' : policies[lvm.whenFull];
  const wished = table.features.includes('error_if_no_space') ? 'error' : 'queue';
  return policies[counters?.noSpace ?? wished];
}

function describeVolumes({
  volumeCount,
  inactiveVolumeCount,
  provisionedBytes,
  data,
  presence,
  lvm,
}: Pool): string {
  if (presence === 'unseen' && lvm === undefined) return 'unknown';
  const active = presence === 'unseen' ? `${lvm?.thinCount ?? 'unknown'}` : `${volumeCount}`;
  const idle = inactiveVolumeCount === 0 ? '' : ` and ${inactiveVolumeCount} not active`;
  const provisioned = `${active}${idle}, ${formatBytes(provisionedBytes)} provisioned`;
  if (data === undefined || provisionedBytes === 0) return provisioned;
  return `${provisioned} (${(provisionedBytes / data.sizeBytes).toFixed(1)}× pool size)`;
}

function describeReading({ statusTakenAt, late }: Pool, now: number): Content {
  const read = statusTakenAt === undefined ? 'never, or data expired' : formatAgo(now - statusTakenAt);
  if (late === undefined) return read;
  return html`${read} <b class="tag">old</b> collector ${late.collector} ${late.degree} for ${formatAge(now - late.since)}`;
}
