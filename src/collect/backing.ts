import type { BlockDevice, DeviceNumber, Facts, FileSystem, PoolTable } from '../model/facts.ts';
import type { Pool, Resource, StackedDevice } from '../model/host.ts';
import { known } from '../model/known.ts';

const deepest = 8;

function deviceOf(table: PoolTable, resource: Resource): DeviceNumber {
  return resource === 'data' ? table.dataDevice : table.metadataDevice;
}

/** The devices under a pool's data and metadata, top down. What a dm table names needs no sysfs. */
export function stackUnder(table: PoolTable, facts: Facts): StackedDevice[] {
  return (['data', 'metadata'] as const).flatMap((resource) => {
    const found: StackedDevice[] = [];
    descend(deviceOf(table, resource), 0, { resource, facts, found });
    return found;
  });
}

interface Descent {
  readonly resource: Resource;
  readonly facts: Facts;
  readonly found: StackedDevice[];
}

function descend(device: DeviceNumber, depth: number, descent: Descent): void {
  const { resource, facts, found } = descent;
  if (depth > deepest || found.some((entry) => entry.device === device)) return;
  const block = facts.blockDevices.find((candidate) => candidate.device === device);
  const dm = facts.devices.find((candidate) => candidate.device === device);
  const name = dm?.name ?? block?.name;
  found.push(
    known({ resource, depth, device, name, sizeBytes: block?.sizeBytes, backingFile: block?.backingFile }),
  );
  for (const below of devicesBelow(device, block, facts)) descend(below, depth + 1, descent);
}

function devicesBelow(device: DeviceNumber, block: BlockDevice | undefined, facts: Facts): DeviceNumber[] {
  const name = facts.devices.find((candidate) => candidate.device === device)?.name;
  const named = facts.tables.flatMap((table) =>
    table.name === name && table.target.kind === 'other' ? table.target.devices : [],
  );
  const below = [...(block?.slaves ?? []), ...(block?.parent === undefined ? [] : [block.parent])];
  const shown = facts.blockDevices.filter((other) => other.name !== undefined && below.includes(other.name));
  return [...new Set([...named, ...shown.map((other) => other.device)])];
}

/** The files under loop devices that hold the pool, with the room that their file systems have left. */
export function backingFilesOf(table: PoolTable, facts: Facts): Pool['backing'] {
  return stackUnder(table, facts).flatMap(({ resource, backingFile }) => {
    if (backingFile === undefined) return [];
    const fileSystem = facts.fileSystems.find(({ path }) => path === backingFile);
    return [known({ resource, file: backingFile, fileSystem })];
  });
}

export function fileSystemUnder(resource: Resource, backing: Pool['backing']): FileSystem | undefined {
  return backing.find((entry) => entry.resource === resource && entry.fileSystem !== undefined)?.fileSystem;
}
