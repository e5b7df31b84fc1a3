import { blockSectors, type SoakPool, type SoakVolume } from './world.ts';

export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** What dmsetup prints of these pools when it is called with these words. */
export function printDmsetup(words: readonly string[], pools: readonly SoakPool[]): Printed {
  const [, verb = ''] = words;
  const devices = pools.flatMap((pool) => [
    poolDevice(pool),
    ...pool.volumes.map((volume) => volumeDevice(volume, pool)),
  ]);
  if (verb === 'info') return whole(devices.map(({ info }) => info));
  if (verb === 'table') return whole(devices.map(({ name, table }) => `${name}: ${table}`));
  if (verb === 'status') return printStatus(namesIn(words), devices);
  return { stdout: '', stderr: `Unknown command: ${verb}\n`, exitCode: 1 };
}

/** The devices that a command is about. */
export function namesIn(words: readonly string[]): readonly string[] {
  return words.includes('--') ? words.slice(words.indexOf('--') + 1) : [];
}

interface Device {
  readonly name: string;
  readonly info: string;
  readonly table: string;
  readonly status: string;
}

function poolDevice(pool: SoakPool): Device {
  const { name, minor, dataBlocks, dataUsed, metadataBlocks, metadataUsed } = pool;
  const sectors = dataBlocks * blockSectors;
  const mode = dataUsed === dataBlocks ? 'out_of_data_space' : 'rw';
  return {
    name,
    info: `253|${minor}|L--w|1|0|uuid-${minor}|${name}`,
    table: `0 ${sectors} thin-pool 7:0 7:1 ${blockSectors} 0 0`,
    status: `0 ${sectors} thin-pool 1 ${metadataUsed}/${metadataBlocks} ${dataUsed}/${dataBlocks} - ${mode} discard_passdown queue_if_no_space - 64`,
  };
}

function volumeDevice({ name, minor, id, mappedSectors }: SoakVolume, pool: SoakPool): Device {
  const sectors = 1 << 30;
  return {
    name,
    info: `253|${minor}|L--w|1|0|uuid-${minor}|${name}`,
    table: `0 ${sectors} thin 253:${pool.minor} ${id}`,
    status: `0 ${sectors} thin ${mappedSectors} ${mappedSectors}`,
  };
}

function whole(lines: readonly string[]): Printed {
  return {
    stdout: `${lines.length === 0 ? 'No devices found' : lines.join('\n')}\n`,
    stderr: '',
    exitCode: 0,
  };
}

function printStatus(names: readonly string[], devices: readonly Device[]): Printed {
  const known = new Map(devices.map((device) => [device.name, device]));
  const found = names.flatMap((name) => known.get(name) ?? []);
  const lines = found.map(({ name, status }) => (names.length === 1 ? status : `${name}: ${status}`));
  const isComplete = found.length === names.length;
  return {
    stdout: lines.map((line) => `${line}\n`).join(''),
    stderr: isComplete ? '' : 'Device does not exist.\nCommand failed.\n',
    exitCode: isComplete ? 0 : 1,
  };
}
