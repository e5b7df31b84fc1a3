import { plainNames } from './device-mapper.ts';
import { findValue, type Sample } from './exposition.ts';
import type { Lab } from './lab.ts';
import { comparePool, readPoolTruth } from './truth.ts';

/** Where the metrics of this host's pools differ from what dmsetup says right now, in words; no pool may be missing or too many. */
export async function compareHost(lab: Lab, samples: readonly Sample[]): Promise<readonly string[]> {
  const devices = await readDmDevices(lab);
  const pools = devices.filter(({ target }) => target === 'thin-pool');
  const shown = samples.filter(({ name }) => name === 'thinpool_info').map(({ labels }) => labels['pool']);
  const names = pools.map(publicName);
  const differences = [
    ...names.filter((name) => !shown.includes(name)).map((name) => `no pool ${name}`),
    ...shown.filter((name) => !names.includes(name ?? '')).map((name) => `a pool ${name} that is not there`),
  ];
  for (const device of pools) differences.push(...(await compareOne(lab, samples, device)));
  return differences;
}

async function compareOne(lab: Lab, samples: readonly Sample[], device: DmDevice): Promise<string[]> {
  const pool = publicName(device);
  const differences = comparePool(samples, pool, await readPoolTruth(lab, device.name));
  const suspended = findValue(samples, 'thinpool_suspended', { pool });
  const dmName = samples.find(({ name, labels }) => name === 'thinpool_info' && labels['pool'] === pool);
  return [
    ...differences.map((difference) => `${pool}: ${difference}`),
    ...(suspended === Number(device.suspended) ? [] : [`${pool}: thinpool_suspended is ${suspended}`]),
    ...(dmName?.labels['dm_name'] === device.name ? [] : [`${pool}: it is not on ${device.name}`]),
  ];
}

/** Where the volumes of all pools differ from what dmsetup says of each: size, mapped size, suspended, failed. */
export async function compareAllVolumes(lab: Lab, samples: readonly Sample[]): Promise<readonly string[]> {
  const devices = (await readDmDevices(lab)).filter(({ target }) => target === 'thin');
  const differences: string[] = [];
  for (const device of devices) differences.push(...(await compareVolume(lab, samples, device)));
  const shown = samples.filter(({ name }) => name === 'thinpool_volume_size_bytes');
  const known = devices.map(({ name }) => name);
  const wrong = shown.filter(({ labels }) => !known.includes(labels['volume'] ?? ''));
  return [...differences, ...wrong.map(({ labels }) => `a volume ${labels['volume']} that is not there`)];
}

async function compareVolume(lab: Lab, samples: readonly Sample[], device: DmDevice): Promise<string[]> {
  const { stdout } = await lab.run(['dmsetup', 'status', '--noflush', ...plainNames, device.name]);
  const [, length, , mapped] = stdout.trim().split(/\s+/);
  const failed = mapped === 'Fail' || mapped === 'Error';
  const expected: readonly (readonly [string, number | undefined])[] = [
    ['thinpool_volume_size_bytes', 512 * Number(length)],
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
  readonly target: string;
}

/** INFO and TABLE ioctls only: nothing is committed. */
async function readDmDevices(lab: Lab): Promise<readonly DmDevice[]> {
  const columns = ['--noheadings', '--separator', '|', '-o', 'attr,uuid,name'];
  const info = await lab.run(['dmsetup', 'info', '-c', ...plainNames, ...columns]);
  const table = await lab.run(['dmsetup', 'table', ...plainNames]);
  const targets = new Map(
    [...table.stdout.matchAll(/^(?<name>.*): 0 \d+ (?<target>\S+)/gm)].map((match) => [match[1], match[2]]),
  );
  return [...info.stdout.matchAll(/^(?<attr>[^|\s]+)\|(?<uuid>[^|]*)\|(?<name>.*)$/gm)].map((match) => {
    const [, attr = '', uuid = '', name = ''] = match;
    return { name, uuid, suspended: attr[1] === 's', target: targets.get(name) ?? '' };
  });
}

/** LVM keeps a pool with volumes on a hidden layer: people know it by the name before. */
function publicName({ name, uuid }: DmDevice): string {
  return uuid.startsWith('LVM-') ? name.replace(/-tpool$/, '') : name;
}
