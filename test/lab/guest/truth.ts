import { plainNames } from './device-mapper.ts';
import { findValue, type Sample } from './exposition.ts';
import type { Lab } from './lab.ts';

/** What the tools say of an LVM pool right now, read apart from the exporter's own parsers. */
export interface PoolTruth {
  readonly usedMetadata: number;
  readonly totalMetadata: number;
  readonly usedData: number;
  readonly totalData: number;
  readonly mode: string;
  readonly queues: boolean;
  readonly needsCheck: boolean;
  readonly blockBytes: number;
}

export async function readPoolTruth(lab: Lab, dmName: string): Promise<PoolTruth> {
  const status = await lab.run(['dmsetup', 'status', '--noflush', ...plainNames, dmName]);
  const table = await lab.run(['dmsetup', 'table', ...plainNames, dmName]);
  return parsePoolTruth(withoutRange(status.stdout), withoutRange(table.stdout));
}

/** dmsetup puts first sector and length before a line, and, for a single device queried by name, no name. */
function withoutRange(line: string): string {
  return line.replace(/^0 \d+ /, '').trim();
}

/** From `thin-pool …` of a status line and of a table line. */
export function parsePoolTruth(status: string, table: string): PoolTruth {
  const words = status.split(' ');
  const [usedMetadata = '', totalMetadata = ''] = words[2]?.split('/') ?? [];
  const [usedData = '', totalData = ''] = words[3]?.split('/') ?? [];
  return {
    usedMetadata: Number(usedMetadata),
    totalMetadata: Number(totalMetadata),
    usedData: Number(usedData),
    totalData: Number(totalData),
    // A pool that has failed says nothing but this word.
    mode: words[1] === 'Fail' ? 'fail' : (words[5] ?? ''),
    queues: words.includes('queue_if_no_space'),
    needsCheck: words.includes('needs_check'),
    blockBytes: 512 * Number(table.split(' ')[3]),
  };
}

/** Where the metrics of a pool differ from the tools, in words; empty when they agree block for block. */
export function comparePool(samples: readonly Sample[], pool: string, truth: PoolTruth): readonly string[] {
  // What is not known is left out of the page: never 0.
  const known = (value: number) => (truth.mode === 'fail' ? undefined : value);
  const expected: readonly (readonly [string, number | undefined, Readonly<Record<string, string>>?])[] = [
    ['thinpool_data_blocks', known(truth.totalData)],
    ['thinpool_data_used_blocks', known(truth.usedData)],
    ['thinpool_metadata_blocks', known(truth.totalMetadata)],
    ['thinpool_metadata_used_blocks', known(truth.usedMetadata)],
    ['thinpool_block_size_bytes', truth.blockBytes],
    ['thinpool_needs_check', known(Number(truth.needsCheck))],
    ['thinpool_queue_if_no_space', known(Number(truth.queues))],
    ['thinpool_mode', 1, { mode: truth.mode }],
  ];
  return expected.flatMap(([name, value, labels]) => {
    const found = findValue(samples, name, { pool, ...labels });
    return found === value ? [] : [`${name} is ${found}, not ${value}`];
  });
}

/** The percentages of lvs, which it computes from a status of its own; within its two decimals. */
export async function comparePercent(
  lab: Lab,
  samples: readonly Sample[],
  pool: string,
  lv: string,
): Promise<readonly string[]> {
  const columns = ['--noheadings', '-o', 'data_percent,metadata_percent'];
  const { stdout } = await lab.run(['lvs', ...columns, lv]);
  const [data = Number.NaN, metadata = Number.NaN] = stdout.trim().split(/\s+/).map(Number);
  const ratio = (what: string) =>
    (findValue(samples, `thinpool_${what}_used_blocks`, { pool }) ?? Number.NaN) /
    (findValue(samples, `thinpool_${what}_blocks`, { pool }) ?? Number.NaN);
  const isNear = (percent: number, found: number) => Math.abs(percent - 100 * found) <= 0.01;
  return [
    ...(isNear(data, ratio('data')) ? [] : [`lvs says data ${data} %, the metrics ${100 * ratio('data')} %`]),
    ...(isNear(metadata, ratio('metadata'))
      ? []
      : [`lvs says metadata ${metadata} %, the metrics ${100 * ratio('metadata')} %`]),
  ];
}

export interface GroupTruth {
  readonly sizeBytes: number;
  readonly freeBytes: number;
}

export async function readGroupTruth(
  lab: Lab,
  vg: string,
  settings: readonly string[] = [],
): Promise<GroupTruth> {
  const columns = ['--noheadings', '--units', 'b', '--nosuffix', '-o', 'vg_size,vg_free'];
  const { stdout } = await lab.run(['vgs', ...columns, ...settings, vg]);
  const [sizeBytes, freeBytes] = stdout.trim().split(/\s+/).map(Number);
  return { sizeBytes: sizeBytes ?? Number.NaN, freeBytes: freeBytes ?? Number.NaN };
}

export function compareGroup(samples: readonly Sample[], vg: string, truth: GroupTruth): readonly string[] {
  const size = findValue(samples, 'thinpool_vg_size_bytes', { vg });
  const free = findValue(samples, 'thinpool_vg_free_bytes', { vg });
  return [
    ...(size === truth.sizeBytes ? [] : [`thinpool_vg_size_bytes is ${size}, not ${truth.sizeBytes}`]),
    ...(free === truth.freeBytes ? [] : [`thinpool_vg_free_bytes is ${free}, not ${truth.freeBytes}`]),
  ];
}

/** Where the mapped sizes of a pool's volumes differ from what dmsetup says of every thin volume of this host. */
export async function compareVolumes(
  lab: Lab,
  samples: readonly Sample[],
  pool: string,
): Promise<readonly string[]> {
  const { stdout } = await lab.run(['dmsetup', 'status', '--noflush', '--target', 'thin']);
  const volumes = [...stdout.matchAll(/^(?<name>.*): 0 (?<length>\d+) thin (?<mapped>\d+) /gm)];
  const expected = volumes.flatMap(({ groups }) => {
    const volume = groups?.['name'] ?? '';
    return [
      ['thinpool_volume_size_bytes', volume, 512 * Number(groups?.['length'])],
      ['thinpool_volume_mapped_bytes', volume, 512 * Number(groups?.['mapped'])],
    ] as const;
  });
  const differences = expected.flatMap(([name, volume, value]) => {
    const found = findValue(samples, name, { pool, volume });
    return found === value ? [] : [`${name} of ${volume} is ${found}, not ${value}`];
  });
  const count = findValue(samples, 'thinpool_volumes', { pool });
  return count === volumes.length ? differences : [...differences, `${count} volumes, not ${volumes.length}`];
}
