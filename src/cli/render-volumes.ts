import type { Finding } from '../model/finding.ts';
import type { Pool, Volume } from '../model/host.ts';
import { formatBytes } from '../text/amount.ts';
import { alignColumns } from '../text/columns.ts';
import { plain } from '../text/plain.ts';

const listed = 5;

/** Who holds the data of the pools that have a finding about it, pool by pool. */
export function renderVolumes(pools: readonly Pool[], findings: readonly Finding[]): string[] {
  const short = new Set(
    findings
      .filter(({ resource, severity }) => resource === 'data' && severity !== 'info')
      .map(({ pool }) => pool),
  );
  return pools.filter(({ name }) => short.has(name)).flatMap(renderLargest);
}

function renderLargest({ name, volumes }: Pool): string[] {
  const held = volumes.flatMap((volume) =>
    volume.mappedBytes === undefined ? [] : [{ volume, mappedBytes: volume.mappedBytes }],
  );
  const largest = held.sort((one, other) => other.mappedBytes - one.mappedBytes).slice(0, listed);
  if (largest.length === 0) return [];
  const rows = largest.map(({ volume, mappedBytes }) => [
    '',
    plain(nameOf(volume)),
    `${formatBytes(mappedBytes)} of ${formatBytes(volume.sizeBytes)}`,
  ]);
  const heading = `Volumes of ${plain(name)} that hold the most, what they share with snapshots counted in each:`;
  return [`${heading}\n${alignColumns(rows).join('\n')}`];
}

function nameOf({ name, knownAs }: Volume): string {
  if (knownAs === undefined) return name;
  return knownAs.image === undefined ? knownAs.name : `${knownAs.name} (${knownAs.image})`;
}
