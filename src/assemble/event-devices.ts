import type { BlockDevice, DeviceNumber, DmTable, Facts, KernelEvent, MessageScope } from '../model/facts.ts';
import { dmKernelName } from '../model/names.ts';
import type { ActivePool } from '../model/pool.ts';

type StackedPool = Pick<ActivePool, 'device' | 'stack' | 'volumeGroup'>;

/** The devices of a host as kernel messages name them, and which pools are over and under each. */
export interface EventDevices {
  readonly isPool: (device: DeviceNumber) => boolean;
  /** The device was made after the message was written: that is about another one, which had the number before. */
  readonly isYounger: (device: DeviceNumber, event: KernelEvent) => boolean;
  readonly numberOf: (kernelName: string | undefined) => DeviceNumber | undefined;
  readonly nameOf: (device: DeviceNumber | undefined) => string | undefined;
  /** The kernel's word for a device with, for a device of device-mapper, its name: `dm-5 (vg-volume)`. */
  readonly labelOf: (device: string | undefined) => string | undefined;
  /** The pools that a device stands on: a thin volume, or what is made of thin volumes. A pool stands on itself. */
  readonly poolsUnder: (device: DeviceNumber) => readonly DeviceNumber[];
  /** The pools that stand on a device. */
  readonly poolsOver: (kernelName: string) => readonly DeviceNumber[];
  /** Which pools a message without a device may be about, and whether it can be about nothing else. */
  readonly candidates: (among: MessageScope) => {
    readonly pools: readonly DeviceNumber[];
    readonly areAll: boolean;
  };
  /** Every device under every pool is known by its kernel name: another name is a device of others. */
  readonly isComplete: boolean;
}

export function mapDevices(pools: readonly StackedPool[], facts: Facts): EventDevices {
  const poolNumbers = new Set(pools.map(({ device }) => device));
  const created = new Map(facts.devices.map(({ device, createdAfter }) => [device, createdAfter]));
  const names = mapNames(facts);
  const under = mapUnder(pools, names);
  return {
    isPool: (device) => poolNumbers.has(device),
    isYounger: (device, { lastAt, driftMs = 0 }) => lastAt + driftMs < (created.get(device) ?? 0),
    numberOf: (kernelName) => (kernelName === undefined ? undefined : names.numbers.get(kernelName)),
    nameOf: (device) => (device === undefined ? undefined : namesOf(device, names)[0]),
    labelOf: createLabels(facts),
    poolsUnder: createDescent(poolNumbers, facts, names),
    poolsOver: (kernelName) => under.byName.get(plainName(kernelName)) ?? [],
    candidates: (among) => candidatesOf(among, pools, facts, under),
    isComplete: under.isComplete,
  };
}

function createLabels({ devices }: Facts): EventDevices['labelOf'] {
  const labels = new Map<string, string>();
  for (const { device, name } of devices) {
    const kernelName = dmKernelName(device);
    const label = `${kernelName} (${name})`;
    labels.set(device, label).set(kernelName, label).set(`mapper/${name}`, label);
  }
  return (device) => (device === undefined ? undefined : (labels.get(device) ?? device));
}

interface Names {
  /** By kernel name, and by `mapper/` and dm name. */
  readonly numbers: ReadonlyMap<string, DeviceNumber>;
  readonly blocks: ReadonlyMap<DeviceNumber, BlockDevice>;
  readonly dm: ReadonlySet<DeviceNumber>;
}

function mapNames({ devices, blockDevices }: Facts): Names {
  return {
    numbers: new Map([
      ...blockDevices.flatMap(({ name, device }) => (name === undefined ? [] : [[name, device] as const])),
      ...devices.flatMap(
        ({ name, device }) =>
          [
            [dmKernelName(device), device],
            [`mapper/${name}`, device],
          ] as const,
      ),
    ]),
    blocks: new Map(blockDevices.map((block) => [block.device, block])),
    dm: new Set(devices.map(({ device }) => device)),
  };
}

/** The kernel names of a device, its own first, then that of the disk that it is a part of. */
function namesOf(device: DeviceNumber, { dm, blocks }: Names): string[] {
  if (dm.has(device)) return [dmKernelName(device)];
  const { name, parent, slaves } = blocks.get(device) ?? { slaves: [] };
  if (name === undefined) return usualNames(device);
  return [name, ...(parent === undefined ? [] : [parent]), ...slaves];
}

/** What the kernel calls a device by its number, where sysfs cannot be read (Documentation/admin-guide/devices.txt). */
function usualNames(device: DeviceNumber): string[] {
  const [major = 0, minor = 0] = device.split(':').map(Number);
  if (major === 7) return [`loop${minor}`];
  if (major === 9) return [`md${minor}`];
  const block = scsiMajors.indexOf(major);
  if (block === -1) return [];
  const disk = `sd${letters(block * 16 + (minor >> 4))}`;
  return minor % 16 === 0 ? [disk] : [`${disk}${minor % 16}`, disk];
}

const scsiMajors = [8, 65, 66, 67, 68, 69, 70, 71, 128, 129, 130, 131, 132, 133, 134, 135];

/** a to z, aa to zz and on (kernel drivers/scsi/sd.c, sd_format_disk_name). */
function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : `${letters(Math.floor(index / 26) - 1)}${last}`;
}

interface Under {
  readonly byName: ReadonlyMap<string, readonly DeviceNumber[]>;
  readonly isComplete: boolean;
}

function mapUnder(pools: readonly StackedPool[], names: Names): Under {
  const byName = new Map<string, DeviceNumber[]>();
  let isComplete = true;
  for (const { device, stack, volumeGroup } of pools) {
    const found = stack.map((entry) => namesOf(entry.device, names));
    const isKnown = found.every((one) => one.length > 0);
    // Where the stack ends at a number, LVM's names of the PVs lead on.
    const more = isKnown ? [] : (volumeGroup?.pvNames ?? []).flatMap((path) => namesOfPv(path, names));
    if (!isKnown && more.length === 0) isComplete = false;
    for (const name of new Set([...found.flat(), ...more].flatMap(withController)))
      byName.set(name, [...(byName.get(name) ?? []), device]);
  }
  return { byName, isComplete };
}

/** `/dev/sda3` is a part of `sda`, `/dev/nvme0n1p3` of `nvme0n1`. */
function namesOfPv(path: string, names: Names): string[] {
  const name = path.replace(/^\/dev\//, '');
  const number = names.numbers.get(name);
  if (number !== undefined) return namesOf(number, names);
  const disk =
    /^(?<disk>(?:sd|vd|xvd|hd)[a-z]+)\d+$|^(?<numbered>(?:nvme\d+n|mmcblk|md|loop|nbd)\d+)p\d+$/.exec(
      name,
    )?.groups;
  return [name, ...[disk?.['disk'] ?? disk?.['numbered']].flatMap((one) => one ?? [])];
}

/** Some messages name the controller only, `nvme0`. */
function withController(name: string): string[] {
  const controller = /^nvme\d+(?=n\d)/.exec(name)?.[0];
  return controller === undefined ? [name] : [name, controller];
}

/** `nvme0c1n1` is a path to `nvme0n1` (kernel drivers/nvme/host/multipath.c). */
function plainName(kernelName: string): string {
  return kernelName.replace(/^(nvme\d+)c\d+(n\d+)/, '$1$2');
}

const deepest = 8;

/** Goes down from a device to the first pools, by tables and sysfs. */
function createDescent(
  poolNumbers: ReadonlySet<DeviceNumber>,
  facts: Facts,
  names: Names,
): EventDevices['poolsUnder'] {
  const dmNames = new Map(facts.devices.map(({ device, name }) => [device, name]));
  const tables = new Map<string, DmTable[]>();
  for (const table of facts.tables) tables.set(table.name, [...(tables.get(table.name) ?? []), table]);
  const dependencies = new Map(facts.dependencies.map(({ name, devices }) => [name, devices]));
  const below = (device: DeviceNumber): DeviceNumber[] => {
    const name = dmNames.get(device) ?? '';
    const { slaves = [], parent } = names.blocks.get(device) ?? {};
    const shown = [...slaves, ...(parent === undefined ? [] : [parent])];
    return [
      ...(tables.get(name) ?? []).flatMap(({ target }) => devicesOf(target)),
      ...(dependencies.get(name) ?? []),
      ...shown.flatMap((one) => names.numbers.get(one) ?? []),
    ];
  };
  return (device) => {
    const found = new Set<DeviceNumber>();
    const seen = new Set<DeviceNumber>();
    let level: readonly DeviceNumber[] = [device];
    for (let depth = 0; depth <= deepest && level.length > 0; depth += 1) {
      const next = level.filter((one) => !seen.has(one));
      for (const one of next) {
        seen.add(one);
        if (poolNumbers.has(one)) found.add(one);
      }
      level = next.filter((one) => !poolNumbers.has(one)).flatMap(below);
    }
    return [...found];
  };
}

function devicesOf(target: DmTable['target']): readonly DeviceNumber[] {
  if (target.kind === 'other') return target.devices;
  if (target.kind === 'pool') return [];
  return [target.poolDevice, target.externalOrigin].flatMap((device) => device ?? []);
}

/** The targets that a message may be about; for pools: those that keep metadata with the same library. */
const targetsOf: Readonly<Record<MessageScope, readonly string[]>> = {
  pools: ['cache', 'era'],
  loops: [],
  raids: ['raid'],
  vdo: ['vdo'],
};

function candidatesOf(
  among: MessageScope,
  pools: readonly StackedPool[],
  facts: Facts,
  { byName }: Under,
): ReturnType<EventDevices['candidates']> {
  const targets = targetsOf[among];
  const names = new Set(
    facts.tables.filter(({ targetType }) => targets.includes(targetType)).map(({ name }) => name),
  );
  const others = facts.devices
    .filter(({ name }) => names.has(name))
    .map(({ device }) => dmKernelName(device));
  if (among === 'pools')
    return { pools: pools.map(({ device }) => device), areAll: others.every((name) => byName.has(name)) };
  const holders = among === 'loops' ? [...byName.keys()].filter((name) => /^loop\d+$/.test(name)) : others;
  return { pools: [...new Set(holders.flatMap((name) => byName.get(name) ?? []))], areAll: true };
}
