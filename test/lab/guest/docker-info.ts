import { findValue, type Sample } from './exposition.ts';
import type { Lab } from './lab.ts';

/** The driver's part of the plain `docker info`, by key, as printed. */
export async function readDockerInfo(lab: Lab): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await lab.run(['docker', 'info']);
  const lines = [...stdout.matchAll(/^ +(?<key>[A-Z][A-Za-z ]+): (?<value>.*)$/gm)];
  return new Map(lines.map(({ groups }) => [groups?.['key'] ?? '', groups?.['value'] ?? '']));
}

/** What Docker prints, and the metric that it has to be the rounding of. */
const sizes: readonly (readonly [key: string, metric: string])[] = [
  ['Pool Blocksize', 'thinpool_block_size_bytes'],
  ['Data Space Used', 'thinpool_data_used_bytes'],
  ['Data Space Total', 'thinpool_data_size_bytes'],
  ['Data Space Available', 'thinpool_data_free_bytes'],
  ['Data Space Available', 'thinpool_docker_data_available_bytes'],
  ['Data Space Total', 'thinpool_docker_data_size_bytes'],
  ['Metadata Space Used', 'thinpool_metadata_used_bytes'],
  ['Metadata Space Total', 'thinpool_metadata_size_bytes'],
  ['Metadata Space Available', 'thinpool_metadata_free_bytes'],
  ['Metadata Space Available', 'thinpool_docker_metadata_available_bytes'],
  ['Thin Pool Minimum Free Space', 'thinpool_docker_minimum_free_bytes'],
  ['Thin Pool Minimum Free Space', 'thinpool_minimum_free_bytes'],
];

/** Where a metric, rounded as Docker rounds, is not what Docker prints; empty when they agree to the last digit. */
export function compareDocker(
  samples: readonly Sample[],
  pool: string,
  info: ReadonlyMap<string, string>,
): readonly string[] {
  return sizes.flatMap(([key, metric]) => {
    const resource = key.startsWith('Thin') && metric === 'thinpool_minimum_free_bytes' ? 'data' : undefined;
    const value = findValue(samples, metric, { pool, ...(resource === undefined ? {} : { resource }) });
    const rounded = value === undefined ? 'absent' : humanSize(value);
    return rounded === info.get(key) ? [] : [`${key} is ${info.get(key)}, ${metric} ${value} (${rounded})`];
  });
}

/** go-units HumanSize since Docker 17.04: `%.4g`, decimal units, no space. */
function humanSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, power] = [bytes, 0];
  for (; value >= 1000 && power < units.length - 1; power += 1) value /= 1000;
  return `${Number(value.toPrecision(4))}${units[power]}`;
}
