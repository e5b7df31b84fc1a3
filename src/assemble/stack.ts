import {
  type BlockDevice,
  type DeviceNumber,
  type DmDevice,
  type Facts,
  type Layer,
  type LayerTarget,
  layerTargets,
  type PoolTable,
} from '../model/facts.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { type Pool, type Resource, resources, type StackedDevice } from '../model/pool.ts';
import type { HostRoom } from '../thinpool/space.ts';

const deepest = 8;

/** Gives the devices under a pool's data and metadata, top down. */
export type StackUnder = (table: PoolTable) => readonly StackedDevice[];

/** Devices named in a dm table need no sysfs; sysfs shows those below. Indexed, because hosts have many devices. */
export function mapStacks(facts: Pick<Facts, 'devices' | 'tables' | 'layers' | 'blockDevices'>): StackUnder {
  const maps: Maps = {
    dm: new Map(facts.devices.map((device) => [device.device, device])),
    below: namedBelow(facts),
    targets: layersIn(facts),
    layers: new Map(facts.layers.map(({ name, layer }) => [name, layer])),
    blocks: new Map(facts.blockDevices.map((block) => [block.device, block])),
    numbers: new Map(
      facts.blockDevices.flatMap(({ name, device }) => (name === undefined ? [] : [[name, device]])),
    ),
  };
  return (table) =>
    resources.flatMap((resource) => {
      const found: StackedDevice[] = [];
      descend(resource === 'data' ? table.dataDevice : table.metadataDevice, 0, { resource, maps, found });
      return found;
    });
}

interface Maps {
  readonly dm: ReadonlyMap<DeviceNumber, DmDevice>;
  /** By dm name: the devices in its table, for all targets but thin ones. */
  readonly below: ReadonlyMap<string, readonly DeviceNumber[]>;
  readonly targets: ReadonlyMap<string, LayerTarget>;
  readonly layers: ReadonlyMap<string, Layer>;
  readonly blocks: ReadonlyMap<DeviceNumber, BlockDevice>;
  /** By kernel name. */
  readonly numbers: ReadonlyMap<string, DeviceNumber>;
}

function layersIn({ tables }: Pick<Facts, 'tables'>): ReadonlyMap<string, LayerTarget> {
  const targets = new Map<string, LayerTarget>();
  for (const { name, targetType } of tables) {
    const target = layerTargets.find((one) => one === targetType);
    if (target !== undefined) targets.set(name, target);
  }
  return targets;
}

function namedBelow(facts: Pick<Facts, 'tables'>): Map<string, DeviceNumber[]> {
  const below = new Map<string, DeviceNumber[]>();
  for (const { name, target } of facts.tables) {
    if (target.kind === 'other') below.set(name, [...(below.get(name) ?? []), ...target.devices]);
  }
  return below;
}

interface Descent {
  readonly resource: Resource;
  readonly maps: Maps;
  readonly found: StackedDevice[];
}

function descend(device: DeviceNumber, depth: number, descent: Descent): void {
  const { resource, maps, found } = descent;
  if (depth > deepest || found.some((entry) => entry.device === device)) return;
  const block = maps.blocks.get(device);
  const dmName = maps.dm.get(device)?.name;
  const { sizeBytes, backingFile } = block ?? {};
  const target = maps.targets.get(dmName ?? '');
  const layer = maps.layers.get(dmName ?? '');
  found.push(
    omitUndefined({
      resource,
      depth,
      device,
      name: dmName ?? block?.name,
      sizeBytes,
      backingFile,
      target,
      layer,
    }),
  );
  const shown = [...(block?.slaves ?? []), block?.parent].flatMap(
    (name) => maps.numbers.get(name ?? '') ?? [],
  );
  const named = maps.below.get(dmName ?? '') ?? [];
  for (const below of new Set([...named, ...shown])) descend(below, depth + 1, descent);
}

/** The loop files of the pool, with the free space of their file systems. */
export function backingFilesOf(
  stack: readonly StackedDevice[],
  { fileSystems, backingFiles }: Pick<Facts, 'fileSystems' | 'backingFiles'>,
): Pool['backing'] {
  return stack.flatMap(({ resource, backingFile, depth }) => {
    if (backingFile === undefined) return [];
    const fileSystem = fileSystems.find(({ path }) => path === backingFile);
    const { sizeBytes, allocatedBytes } = backingFiles.find(({ path }) => path === backingFile) ?? {};
    const isWhole = depth === 0 ? (true as const) : undefined;
    return [omitUndefined({ resource, file: backingFile, fileSystem, sizeBytes, allocatedBytes, isWhole })];
  });
}

/** The room under a resource that lies in a file; undefined where the file takes none: all of it is allocated. */
export function roomUnder(resource: Resource, backing: Pool['backing']): HostRoom | undefined {
  const entry = backing.find((one) => one.resource === resource && one.fileSystem !== undefined);
  if (entry?.fileSystem === undefined) return undefined;
  const { fileSystem, sizeBytes, allocatedBytes, isWhole } = entry;
  if (sizeBytes !== undefined && allocatedBytes !== undefined && allocatedBytes >= sizeBytes)
    return undefined;
  const { freeBytes } = fileSystem;
  return isWhole === true && allocatedBytes !== undefined ? { freeBytes, allocatedBytes } : { freeBytes };
}

/** The least that a VDO volume under the resource has physically free; undefined where there is none, or it is not known. */
export function vdoRoomUnder(resource: Resource, stack: readonly StackedDevice[]): number | undefined {
  const free = stack.flatMap((device) =>
    device.resource === resource && device.layer?.target === 'vdo'
      ? [device.layer.sizeBytes - device.layer.usedBytes]
      : [],
  );
  return free.length === 0 ? undefined : Math.min(...free);
}
