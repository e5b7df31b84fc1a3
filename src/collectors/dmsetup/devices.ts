import type { DmDevice, DmTable } from '../../model/facts.ts';
import type { Pool } from '../../model/pool.ts';
import { secondMs } from '../../model/units.ts';
import { defineCollector, type Output, type Query } from '../collector.ts';
import { requireWholeLines } from '../shared/lines.ts';
import { leftOut } from '../shared/partly.ts';
import { asNamed, dmsetup, dmsetupFailure } from './command.ts';
import { parseDmDependencies } from './deps.ts';
import { infoOfAll, parseDmInfo } from './info.ts';
import { scrambling } from './scrambling.ts';
import { parseDmTables } from './table.ts';

// Neither command takes the metadata lock or commits: INFO and TABLE ioctls only (kernel dm-ioctl.c). They return
// even if the storage of a pool is stalled, so discovery comes first and continues.
const collector = 'devices';

export const devices = defineCollector({
  name: collector,
  help: 'Device-mapper devices and tables: pools, thin volumes, how they belong together, and whether they are suspended.',
  needs: dmsetup,
  defaults: { intervalMs: 5 * secondMs, timeoutMs: 4 * secondMs },
  discovers: true,
  queries: (host) => [
    {
      key: 'info',
      variants: [
        {
          input: {
            command: infoOfAll,
          },
          parse: (output, before, beforeAt) => {
            const { records, unreadable } = parseDmInfo(readOutput(output));
            return {
              devices: withCreation(records, before?.devices, beforeAt),
              ...leftOut(collector, unreadable),
            };
          },
        },
      ],
    },
    {
      key: 'table',
      variants: [
        {
          input: { command: ['dmsetup', 'table', ...asNamed] },
          parse: (output, before) => {
            const { records, unreadable } = parseDmTables(readOutput(output));
            return { tables: withOwners(records, before?.tables ?? []), ...leftOut(collector, unreadable) };
          },
        },
      ],
    },
    ...(host.pools.some(hidesVolumes) ? [dependencies] : []),
  ],
  scrambling,
});

/**
 * The kernel reuses a device number as soon as it is free. No tool reports when a device was created, but one that the
 * previous query did not find was created after it.
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

/** A volume whose table is now the word Fail belongs to the same pool as in the previous output. */
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

/** While a pool is failed, the tables of its volumes do not name it; their dependencies (a DEPS ioctl) do. */
function hidesVolumes({ state }: Pool): boolean {
  return state === 'failed' || state === 'unreadable';
}

const dependencies: Query = {
  key: 'deps',
  variants: [
    {
      input: { command: ['dmsetup', 'deps', ...asNamed] },
      parse: (output) => {
        const { records, unreadable } = parseDmDependencies(readOutput(output));
        return { dependencies: records, ...leftOut(collector, unreadable) };
      },
    },
  ],
};

/** If a device vanishes while dmsetup lists devices, it exits with 1 but prints all others, which are valid. */
function readOutput(output: Output): string {
  if (output.exitCode !== 0 && output.stdout === '') throw dmsetupFailure(output);
  requireWholeLines(output.stdout);
  return output.stdout;
}
