import type { DmDevice, DmTable } from '../../model/facts.ts';
import { parseLvmUuid, splitLvmName } from '../../model/names.ts';
import type { Pool } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { defineSource, type Question, type Reading } from '../collector.ts';
import { requireWholeLines } from '../shared/lines.ts';
import { asNamed, dmsetup, dmsetupFailure } from './command.ts';
import { parseDmDependencies } from './deps.ts';
import { infoOfAll, parseDmInfo } from './info.ts';
import { parseDmTables } from './table.ts';

// Neither command takes the metadata lock or commits: INFO and TABLE ioctls only (kernel dm-ioctl.c). They answer
// on a pool whose storage is stalled, so discovery comes first and goes on.
export const devices = defineSource({
  name: 'devices',
  help: 'Device-mapper devices and tables: which pools and thin volumes there are, who belongs to whom, what is suspended.',
  needs: dmsetup,
  defaults: { intervalMs: 5 * secondMs, timeoutMs: 4 * secondMs },
  namesThings: true,
  questions: (known) => [
    {
      key: 'info',
      ways: [
        {
          access: {
            command: infoOfAll,
          },
          parse: (reading, before, beforeAt) => ({
            devices: withCreation(parseDmInfo(readOutput(reading)), before?.devices, beforeAt),
          }),
        },
      ],
    },
    {
      key: 'table',
      ways: [
        {
          access: { command: ['dmsetup', 'table', ...asNamed] },
          parse: (reading, before) => ({
            tables: withOwners(parseDmTables(readOutput(reading)), before?.tables ?? []),
          }),
        },
      ],
    },
    ...(known.pools.some(hidesVolumes) ? [dependencies] : []),
  ],
  names: ({ devices: found }) => (found ?? []).flatMap(namesOf),
});

/**
 * The kernel gives a device number to another device as soon as it is free. No tool says when a device was made, but one
 * that the reading before did not find was made after that.
 */
function withCreation(
  devices: readonly DmDevice[],
  before: readonly DmDevice[] | undefined,
  beforeAt: number | undefined,
): readonly DmDevice[] {
  if (before === undefined || beforeAt === undefined) return devices;
  const old = new Map(before.map((device) => [device.device, device]));
  return devices.map((device) => {
    const one = old.get(device.device);
    const isSame = one !== undefined && (one.uuid ?? one.name) === (device.uuid ?? device.name);
    const createdAfter = isSame ? one.createdAfter : beforeAt;
    return createdAfter === undefined ? device : { ...device, createdAfter };
  });
}

/** Group and volume stand in the name of an LVM device, also where LVM itself was not asked. */
function namesOf({ name, uuid }: DmDevice): (string | undefined)[] {
  if (uuid === undefined || parseLvmUuid(uuid) === undefined) return [name, uuid];
  const parts = splitLvmName(name);
  return [name, parts?.vgName, parts?.lvName];
}

/** A volume whose table turned into the word Fail belongs to the pool that it belonged to in the reading before. */
function withOwners(tables: readonly DmTable[], before: readonly DmTable[]): DmTable[] {
  const owners = new Map(before.map(({ name, target }) => [name, target]));
  return tables.map((table) => {
    const owner = owners.get(table.name);
    const isUnknown = table.target.kind === 'volume' && table.target.unreadable;
    return isUnknown && owner?.kind === 'volume'
      ? { ...table, target: { ...owner, unreadable: true } }
      : table;
  });
}

/** While a pool is failed, the tables of its volumes do not say whose they are; their dependencies (a DEPS ioctl) do. */
function hidesVolumes({ state }: Pool): boolean {
  return state === 'failed' || state === 'unreadable';
}

const dependencies: Question = {
  key: 'deps',
  ways: [
    {
      access: { command: ['dmsetup', 'deps', ...asNamed] },
      parse: (reading) => ({ dependencies: parseDmDependencies(readOutput(reading)) }),
    },
  ],
};

/** A device that vanishes while dmsetup lists them makes it exit 1 with all the others printed: those count. */
function readOutput(reading: Reading): string {
  if (reading.exitCode !== 0 && reading.stdout === '') throw dmsetupFailure(reading);
  requireWholeLines(reading.stdout);
  return reading.stdout;
}
