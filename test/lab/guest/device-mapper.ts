import type { Lab } from './lab.ts';

export interface DmDevice {
  readonly name: string;
  readonly number: string;
}

export interface DmPool extends DmDevice {
  readonly volumes: readonly string[];
}

/**
 * One device whose name holds a character that libdm would have written as \xNN is enough for every listing of the
 * host to fail. With this the kernel's names are printed, and taken, as they are.
 */
export const plainNames: readonly string[] = ['--manglename', 'none'];

/** The pools and their thin volumes. INFO, TABLE and DEPS ioctls only: nothing is committed. */
export async function readPools(lab: Lab): Promise<readonly DmPool[]> {
  const devices = await readDevices(lab);
  const tables = await readTargets(lab);
  const volumes = await Promise.all(
    devices
      .filter(({ name }) => tables.get(name) === 'thin')
      .map(async (device) => ({ ...device, pool: await readParent(lab, device) })),
  );
  return devices
    .filter(({ name }) => tables.get(name) === 'thin-pool')
    .map((pool) => ({
      ...pool,
      volumes: volumes.filter((volume) => volume.pool === pool.number).map(({ name }) => name),
    }));
}

async function readDevices(lab: Lab): Promise<readonly DmDevice[]> {
  const columns = ['--separator', '|', '-o', 'major,minor,name'];
  const { stdout } = await lab.run(['dmsetup', 'info', '-c', ...plainNames, '--noheadings', ...columns]);
  const lines = [...stdout.matchAll(/^(?<major>\d+)\|(?<minor>\d+)\|(?<name>.*)$/gm)];
  const devices = lines.map(({ groups }) => ({
    name: groups?.['name'] ?? '',
    number: `${groups?.['major']}:${groups?.['minor']}`,
  }));
  return devices.sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function readTargets(lab: Lab): Promise<ReadonlyMap<string, string>> {
  const { stdout } = await lab.run(['dmsetup', 'table', ...plainNames]);
  const lines = [...stdout.matchAll(/^(?<name>.*): \d+ \d+ (?<target>\S+)/gm)];
  return new Map(lines.map(({ groups }) => [groups?.['name'] ?? '', groups?.['target'] ?? '']));
}

/** Not from the thin volume's table: that is just the word Fail when its pool failed. */
async function readParent(lab: Lab, device: DmDevice): Promise<string> {
  const { stdout } = await lab.run(['dmsetup', 'deps', ...plainNames, device.name]);
  // "2 dependencies	: (254, 4) (254, 2)": an external origin is named as well, and comes first or last.
  const numbers = [...stdout.matchAll(/\((?<major>\d+), (?<minor>\d+)\)/g)].map(
    (match) => `${match[1]}:${match[2]}`,
  );
  const table = await lab.run(['dmsetup', 'table', ...plainNames, device.name]);
  return numbers.find((number) => table.stdout.includes(` thin ${number} `)) ?? numbers[0] ?? '';
}
