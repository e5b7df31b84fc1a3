import { formatBytes } from '../../format/bytes.ts';
import { alignColumns } from '../../format/columns.ts';
import { describeUse } from '../../format/describe-use.ts';
import { formatAge } from '../../format/duration.ts';
import { plain } from '../../format/printable.ts';
import { formatRate } from '../../format/rate.ts';
import type { Host } from '../../model/host.ts';
import type { Pool, Volume } from '../../model/pool.ts';
import type { VolumesGrown } from '../../model/trend.ts';
import { secondMs } from '../../model/units.ts';
import { sourceOf, sourcesOf, type VolumeSource } from '../../thinpool/snapshots.ts';
import { unattributedBytes } from '../../thinpool/unattributed.ts';
import type { PoolGrowth } from './sample-growth.ts';

const listed = 5;

/** The fastest-growing volumes of each pool or, if none grew, its largest ones. */
export function renderVolumes(
  pools: readonly Pool[],
  growth: readonly PoolGrowth[],
  { logicalVolumes, takenAt }: Pick<Host, 'logicalVolumes' | 'takenAt'>,
): string[] {
  return pools.flatMap((pool) => {
    const sources = sourcesOf(pool, logicalVolumes);
    const describe = (volume: Volume): string => describeSource(sourceOf(volume, sources), takenAt);
    const seen = growth.find((one) => one.pool === pool.name);
    return seen !== undefined && 'fastest' in seen && seen.fastest.length > 0
      ? [renderGrowing(pool, seen, describe)]
      : renderLargest(pool, seen, describe);
  });
}

function renderGrowing(
  { name, volumes }: Pool,
  { fastest, overMs }: VolumesGrown,
  describe: (volume: Volume) => string,
): string {
  const named = new Map(volumes.map((volume) => [volume.name, volume]));
  const rows = fastest.slice(0, listed).map(({ volume, bytesPerSecond, mappedBytes }) => {
    const known = named.get(volume);
    return [
      '',
      plain(known === undefined ? volume : nameOf(known)),
      plain(known === undefined ? '' : userOf(known)),
      formatRate(bytesPerSecond),
      known === undefined
        ? formatBytes(mappedBytes)
        : `${describeHeld(mappedBytes, known)}${describe(known)}`,
    ];
  });
  const heading = `Fastest-growing volumes of ${plain(name)} (over ${formatWatch(overMs)}):`;
  return `${heading}\n${alignKnown(rows).join('\n')}`;
}

function renderLargest(
  pool: Pool,
  seen: PoolGrowth | undefined,
  describe: (volume: Volume) => string,
): string[] {
  const { name, volumes } = pool;
  const held = volumes.flatMap((volume) =>
    volume.mappedBytes === undefined ? [] : [{ volume, mappedBytes: volume.mappedBytes }],
  );
  const largest = held.sort((one, other) => other.mappedBytes - one.mappedBytes).slice(0, listed);
  if (largest.length === 0) return [];
  const rows = largest.map(({ volume, mappedBytes }) => [
    '',
    plain(nameOf(volume)),
    plain(userOf(volume)),
    `${describeHeld(mappedBytes, volume)}${describe(volume)}`,
  ]);
  const heading = `Largest volumes of ${plain(name)} (blocks shared with snapshots counted in each):`;
  return [[...describeWatch(name, seen), heading, ...alignKnown(rows), ...describeRest(pool)].join('\n')];
}

/** Why the largest volumes are listed although the volumes were read twice. */
function describeWatch(name: string, seen: PoolGrowth | undefined): string[] {
  if (seen === undefined) return [];
  return 'failure' in seen
    ? [
        `Growth of the volumes of ${plain(name)} is unknown because the second read failed: ${plain(seen.failure)}.`,
      ]
    : [`No volume of ${plain(name)} grew within ${formatWatch(seen.overMs)}.`];
}

/** How much of the pool none of its active volumes explains: volumes that are not active, or blocks of a lost transaction. */
function describeRest(pool: Pool): string[] {
  const bytes = unattributedBytes(pool);
  return bytes === undefined || bytes === 0 ? [] : [`  ${formatBytes(bytes)} belong to no active volume.`];
}

function describeSource({ snapshotOf, createdAt }: VolumeSource, now: number): string {
  const origin = snapshotOf === undefined ? [] : [`snapshot of ${plain(snapshotOf)}`];
  const age = createdAt === undefined ? [] : [`created ${formatAge(now - createdAt)} ago`];
  const parts = [...origin, ...age];
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}

function formatWatch(overMs: number): string {
  return `${(overMs / secondMs).toFixed(1)} s`;
}

function describeHeld(mappedBytes: number, { sizeBytes }: Volume): string {
  return `${formatBytes(mappedBytes)} of ${formatBytes(sizeBytes)}`;
}

function nameOf({ name, knownAs }: Volume): string {
  if (knownAs === undefined) return name;
  return knownAs.image === undefined ? knownAs.name : `${knownAs.name} (${knownAs.image})`;
}

/** Whose volume it is, where the name itself does not say it. */
function userOf({ name, knownAs, use }: Volume): string {
  return use === undefined || use.role === 'layer' || use.id === (knownAs?.name ?? name)
    ? ''
    : describeUse(use);
}

/** A column in which nothing stands is left out. */
function alignKnown(rows: readonly (readonly string[])[]): string[] {
  const isEmpty = rows.every(([, , user]) => user === '');
  return alignColumns(isEmpty ? rows.map((row) => row.filter((_, at) => at !== 2)) : rows);
}
