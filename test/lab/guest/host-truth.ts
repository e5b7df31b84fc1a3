import { plainNames } from './device-mapper.ts';
import { findValue, type Sample } from './exposition.ts';
import type { Lab } from './lab.ts';
import { comparePool, parsePoolTruth } from './truth.ts';

/** Where the metrics of this host's pools differ from what dmsetup says right now, in words; no pool may be missing or too many. */
export async function compareHost(lab: Lab, samples: readonly Sample[]): Promise<readonly string[]> {
  const pools = (await readDmDevices(lab)).filter(({ table }) => table.startsWith('thin-pool '));
  const shown = samples
    .filter(
      ({ name, labels, value }) =>
        name === 'thinpool_presence' && labels['presence'] === 'active' && value === 1,
    )
    .map(({ labels }) => labels['pool']);
  const names = pools.map(publicName);
  return [
    ...names.filter((name) => !shown.includes(name)).map((name) => `no pool ${name}`),
    ...shown.filter((name) => !names.includes(name ?? '')).map((name) => `a pool ${name} that is not there`),
    ...pools.flatMap((device) => comparePoolDevice(samples, device)),
  ];
}

function comparePoolDevice(samples: readonly Sample[], device: DmDevice): string[] {
  const pool = publicName(device);
  const differences = comparePool(samples, pool, parsePoolTruth(device.status, device.table));
  const suspended = findValue(samples, 'thinpool_suspended', { pool });
  const info = samples.find(({ name, labels }) => name === 'thinpool_info' && labels['pool'] === pool);
  return [
    ...differences.map((difference) => `${pool}: ${difference}`),
    ...(suspended === Number(device.suspended) ? [] : [`${pool}: thinpool_suspended is ${suspended}`]),
    ...(info?.labels['dm_name'] === device.name ? [] : [`${pool}: it is not on ${device.name}`]),
  ];
}

/** Where the volumes of all pools differ from what dmsetup says of each: size, mapped size, suspended, failed. */
export async function compareAllVolumes(lab: Lab, samples: readonly Sample[]): Promise<readonly string[]> {
  const devices = (await readDmDevices(lab)).filter(({ table }) => table.startsWith('thin '));
  const names = devices.map(({ name }) => name);
  const shown = samples.filter(({ name }) => name === 'thinpool_volume_size_bytes');
  const wrong = shown.filter(({ labels }) => !names.includes(labels['volume'] ?? ''));
  return [
    ...devices.flatMap((device) => compareVolume(samples, device)),
    ...wrong.map(({ labels }) => `a volume ${labels['volume']} that is not there`),
  ];
}

function compareVolume(samples: readonly Sample[], device: DmDevice): string[] {
  const mapped = device.status.split(' ')[1] ?? '';
  const failed = mapped === 'Fail' || mapped === 'Error';
  const expected: readonly (readonly [string, number | undefined])[] = [
    ['thinpool_volume_size_bytes', 512 * device.sectors],
    ['thinpool_volume_mapped_bytes', failed ? undefined : 512 * Number(mapped)],
    ['thinpool_volume_suspended', Number(device.suspended)],
    ['thinpool_volume_failed', Number(failed)],
  ];
  return expected.flatMap(([name, value]) => {
    const found = findValue(samples, name, { volume: device.name });
    return found === value ? [] : [`${name} of ${device.name} is ${found}, not ${value}`];
  });
}

interface DmDevice {
  readonly name: string;
  readonly uuid: string;
  readonly suspended: boolean;
  readonly sectors: number;
  /** Target and its words, as in a line of `dmsetup table` and of `dmsetup status`. */
  readonly table: string;
  readonly status: string;
}

/** Three commands, however many devices: the guest has one CPU. --noflush, so that nothing is committed. */
async function readDmDevices(lab: Lab): Promise<readonly DmDevice[]> {
  const columns = ['--noheadings', '--separator', '|', '-o', 'attr,uuid,name'];
  const info = await lab.run(['dmsetup', 'info', '-c', ...plainNames, ...columns]);
  const table = readLines((await lab.run(['dmsetup', 'table', ...plainNames])).stdout);
  const status = readLines((await lab.run(['dmsetup', 'status', '--noflush', ...plainNames])).stdout);
  return [...info.stdout.matchAll(/^(?<attr>[^|\s]+)\|(?<uuid>[^|]*)\|(?<name>.*)$/gm)].map((match) => {
    const [, attr = '', uuid = '', name = ''] = match;
    const { sectors = 0, words = '' } = table.get(name) ?? {};
    const line = { table: words, status: status.get(name)?.words ?? '' };
    return { name, uuid, suspended: attr.includes('s'), sectors, ...line };
  });
}

function readLines(text: string): ReadonlyMap<string, { readonly sectors: number; readonly words: string }> {
  const lines = text.matchAll(/^(?<name>.*): 0 (?<sectors>\d+) (?<words>\S+.*)$/gm);
  return new Map(
    [...lines].map(([, name = '', sectors, words = '']) => [
      name,
      { sectors: Number(sectors), words: words.trim() },
    ]),
  );
}

/** LVM keeps a pool with volumes on a hidden layer: people know it by the name before. */
function publicName({ name, uuid }: DmDevice): string {
  // Three parts, with hyphens doubled: in vg-p--tpool the word is the end of the pool's own name.
  const layered = /^((?:[^-]|--)+-(?:[^-]|--)+)-tpool$/.exec(name)?.[1];
  return (uuid.startsWith('LVM-') && layered) || name;
}
