import type { DeviceNumber, DmDevice, DmTable, Facts, VolumeStatus, VolumeTable } from '../model/facts.ts';
import type { Volume } from '../model/host.ts';
import { known } from '../model/known.ts';
import { parseLvmUuid, splitLvmName } from '../model/names.ts';
import { sectorBytes } from '../model/units.ts';
import { nameVolumes } from './known-as.ts';

/** The thin volumes of one pool device. */
export interface PoolVolumes {
  readonly volumes: readonly Volume[];
  readonly count: number;
  readonly provisionedBytes: number;
}

/** What they are joined from. */
export type VolumeFacts = Pick<
  Facts,
  'devices' | 'tables' | 'dependencies' | 'volumeStatuses' | 'deviceUsers'
>;

export type VolumesByPool = ReadonlyMap<DeviceNumber, PoolVolumes>;

export const noVolumes: PoolVolumes = { volumes: [], count: 0, provisionedBytes: 0 };

/**
 * Thin volumes by the major:minor of their pool, which is the only join the kernel offers: it stands in the volume's
 * table or, while the pool is failed, only among its dependencies. At most `max` one by one.
 */
export function joinVolumes(facts: VolumeFacts, max: number): VolumesByPool {
  const devices = new Map(facts.devices.map((device) => [device.name, device]));
  const statuses = new Map(facts.volumeStatuses.map((status) => [status.name, status]));
  const byPool = new Map<DeviceNumber, { volumes: Volume[]; count: number; provisionedBytes: number }>();
  const poolNames = namesOfPools(facts, devices);
  const nameVolume = nameVolumes(facts);
  const below = new Map(facts.dependencies.map((entry) => [entry.name, entry.devices]));
  let shown = 0;
  for (const table of facts.tables) {
    const device = devices.get(table.name);
    if (table.target.kind !== 'volume' || device === undefined) continue;
    const poolBelow = table.target.unreadable
      ? below.get(table.name)?.find((one) => poolNames.has(one))
      : undefined;
    const poolDevice = poolBelow ?? table.target.poolDevice;
    if (poolDevice === undefined) continue;
    const pool = byPool.get(poolDevice) ?? { volumes: [], count: 0, provisionedBytes: 0 };
    byPool.set(poolDevice, pool);
    pool.count += 1;
    pool.provisionedBytes += table.lengthSectors * sectorBytes;
    if (shown >= max) continue;
    shown += 1;
    pool.volumes.push(
      known({
        ...joinVolume(table, table.target, device, statuses.get(table.name)),
        knownAs: nameVolume(device, poolNames.get(poolDevice)),
      }),
    );
  }
  return byPool;
}

function namesOfPools(facts: VolumeFacts, devices: ReadonlyMap<string, DmDevice>): Map<DeviceNumber, string> {
  const names = new Map<DeviceNumber, string>();
  for (const { name, target } of facts.tables) {
    const device = target.kind === 'pool' ? devices.get(name)?.device : undefined;
    if (device !== undefined) names.set(device, name);
  }
  return names;
}

function joinVolume(
  table: DmTable,
  target: VolumeTable,
  device: DmDevice,
  status: VolumeStatus | undefined,
): Volume {
  const lvName = lvNameOf(device);
  return {
    name: table.name,
    device: device.device,
    suspended: device.suspended,
    sizeBytes: table.lengthSectors * sectorBytes,
    ...(target.deviceId === undefined ? {} : { deviceId: target.deviceId }),
    ...(target.externalOrigin === undefined ? {} : { origin: target.externalOrigin }),
    ...(status === undefined ? {} : { state: status.state }),
    ...(status?.state === 'readable' ? { mappedBytes: status.mappedSectors * sectorBytes } : {}),
    ...(lvName === undefined ? {} : { lvName }),
  };
}

function lvNameOf({ name, uuid }: DmDevice): string | undefined {
  if (uuid === undefined || parseLvmUuid(uuid) === undefined) return undefined;
  return splitLvmName(name)?.lvName;
}
