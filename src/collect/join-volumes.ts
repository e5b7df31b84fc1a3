import type { DeviceNumber, DmDevice, DmTable, Facts, VolumeStatus, VolumeTable } from '../model/facts.ts';
import type { Volume } from '../model/host.ts';
import { parseLvmUuid, splitLvmName } from '../model/names.ts';
import { sectorBytes } from '../model/units.ts';

/** The thin volumes of one pool device. */
export interface PoolVolumes {
  readonly volumes: readonly Volume[];
  readonly count: number;
  readonly provisionedBytes: number;
}

export type VolumesByPool = ReadonlyMap<DeviceNumber, PoolVolumes>;

export const noVolumes: PoolVolumes = { volumes: [], count: 0, provisionedBytes: 0 };

/** Thin volumes by the major:minor of their pool, which is the only join the kernel offers. At most `max` one by one. */
export function joinVolumes(
  facts: Facts,
  devices: ReadonlyMap<string, DmDevice>,
  max: number,
): VolumesByPool {
  const statuses = new Map(facts.volumeStatuses.map((status) => [status.name, status]));
  const byPool = new Map<DeviceNumber, { volumes: Volume[]; count: number; provisionedBytes: number }>();
  let shown = 0;
  for (const table of facts.tables) {
    const device = devices.get(table.name);
    if (table.target.kind !== 'volume' || table.target.poolDevice === undefined || device === undefined)
      continue;
    const pool = byPool.get(table.target.poolDevice) ?? { volumes: [], count: 0, provisionedBytes: 0 };
    byPool.set(table.target.poolDevice, pool);
    pool.count += 1;
    pool.provisionedBytes += table.lengthSectors * sectorBytes;
    if (shown >= max) continue;
    shown += 1;
    pool.volumes.push(joinVolume(table, table.target, device, statuses.get(table.name)));
  }
  return byPool;
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
