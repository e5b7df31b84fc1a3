import type { DeviceNumber, DmDevice, DmTable, Facts, VolumeStatus, VolumeTable } from '../model/facts.ts';
import { parseLvmUuid, splitLvmName } from '../model/names.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Volume } from '../model/pool.ts';
import { sectorBytes } from '../model/units.ts';
import { type NameVolume, nameVolumes } from '../thinpool/volume-names.ts';
import { createVolumeUses, type UseVolume } from '../thinpool/volume-use.ts';
import { type ChosenVolumes, createVolumeChoice } from './choose-volumes.ts';
import { memoizeLast } from './memoize-last.ts';

/** The thin volumes of one pool device. */
export interface PoolVolumes {
  readonly volumes: readonly Volume[];
  readonly count: number;
  readonly provisionedBytes: number;
}

/** The inputs of the join. */
export type VolumeFacts = Pick<
  Facts,
  'devices' | 'tables' | 'dependencies' | 'volumeStatuses' | 'deviceUsers' | 'logicalVolumes' | 'nameRecords'
>;

export type VolumesByPool = ReadonlyMap<DeviceNumber, PoolVolumes>;

export const noVolumes: PoolVolumes = { volumes: [], count: 0, provisionedBytes: 0 };

/** The inputs of one volume. */
interface Parts {
  readonly table: DmTable;
  readonly device: DmDevice;
  readonly status: VolumeStatus | undefined;
  readonly poolName: string | undefined;
  readonly users: Facts['deviceUsers'];
  readonly useVolume: UseVolume;
}

interface Joined extends Parts {
  readonly volume: Volume;
}

/**
 * Thin volumes by the major:minor of their pool, the only link that the kernel offers: it is in the volume's table or, while
 * the pool is failed, only among its dependencies. At most `max` volumes are listed, the largest ones. A volume with unchanged facts is the
 * same object as before, and so is the list of a pool in which none has changed.
 */
export function createVolumeJoin(max: number): (facts: VolumeFacts) => VolumesByPool {
  const deviceIndex = createIndex<DmDevice>();
  const statusIndex = createIndex<VolumeStatus>();
  const namesOfPools = memoizeLast(mapPoolNames);
  const nameIn = memoizeLast((deviceUsers: Facts['deviceUsers']) => nameVolumes({ deviceUsers }));
  const belowIn = memoizeLast(
    (dependencies: Facts['dependencies']) =>
      new Map(dependencies.map((entry) => [entry.name, entry.devices])),
  );
  /** By the name of the volume. */
  const joined = new Map<string, Joined>();
  let byPool: VolumesByPool = new Map();
  const join = memoizeLast(
    (
      devices: ByName<DmDevice>,
      statuses: ByName<VolumeStatus>,
      tables: Facts['tables'],
      dependencies: Facts['dependencies'],
      deviceUsers: Facts['deviceUsers'],
      useVolume: UseVolume,
      chosen: ChosenVolumes,
    ) => {
      const poolNames = namesOfPools(tables, devices);
      const nameVolume = nameIn(deviceUsers);
      const below = belowIn(dependencies);
      const facts = {
        devices,
        statuses,
        tables,
        deviceUsers,
        useVolume,
        chosen,
        poolNames,
        nameVolume,
        below,
      };
      byPool = keepPools(byPool, joinVolumes(facts, joined));
      return byPool;
    },
  );
  const useIn = createVolumeUses();
  const choose = createVolumeChoice(max);
  return (facts) => {
    const { devices, volumeStatuses, tables, dependencies, deviceUsers } = facts;
    const useVolume = useIn(facts);
    return join(
      deviceIndex(devices),
      statusIndex(volumeStatuses),
      tables,
      dependencies,
      deviceUsers,
      useVolume,
      choose(tables, facts.logicalVolumes),
    );
  };
}

type ByName<Fact> = ReadonlyMap<string, Fact>;

/**
 * Records by name; the last one of duplicates. The same map object as before if all its records are: the order of the lists
 * depends on when they were read, and may change when nothing else does.
 */
function createIndex<Fact extends { readonly name: string }>(): (records: readonly Fact[]) => ByName<Fact> {
  let last: ByName<Fact> = new Map();
  return memoizeLast((records) => {
    const index = new Map(records.map((record) => [record.name, record]));
    const isSame =
      index.size === last.size && records.every(({ name }) => index.get(name) === last.get(name));
    if (!isSame) last = index;
    return last;
  });
}

interface Indexed extends Pick<Facts, 'tables' | 'deviceUsers'> {
  readonly devices: ByName<DmDevice>;
  readonly statuses: ByName<VolumeStatus>;
  readonly useVolume: UseVolume;
  readonly chosen: ChosenVolumes;
  readonly poolNames: ReadonlyMap<DeviceNumber, string>;
  readonly nameVolume: NameVolume;
  /** By the name of a device: those in its table. */
  readonly below: ReadonlyMap<string, readonly DeviceNumber[]>;
}

/** Keeps in `joined`, and of `joined`, the parts that are still valid: of thousands of volumes only a few change. */
function joinVolumes(facts: Indexed, joined: Map<string, Joined>): VolumesByPool {
  const { devices, statuses, deviceUsers: users, useVolume, poolNames, nameVolume, below, chosen } = facts;
  const byPool = new Map<DeviceNumber, { volumes: Volume[]; count: number; provisionedBytes: number }>();
  let count = 0;
  for (const table of facts.tables) {
    if (table.target.kind !== 'volume') continue;
    const device = devices.get(table.name);
    if (device === undefined) continue;
    const poolBelow = table.target.unreadable
      ? below.get(table.name)?.find((one) => poolNames.has(one))
      : undefined;
    const poolDevice = poolBelow ?? table.target.poolDevice;
    if (poolDevice === undefined) continue;
    let pool = byPool.get(poolDevice);
    if (pool === undefined) {
      pool = { volumes: [], count: 0, provisionedBytes: 0 };
      byPool.set(poolDevice, pool);
    }
    pool.count += 1;
    pool.provisionedBytes += table.lengthSectors * sectorBytes;
    if (chosen?.has(table.name) === false) continue;
    const status = statuses.get(table.name);
    const poolName = poolNames.get(poolDevice);
    let one = joined.get(table.name);
    const isSame =
      one !== undefined &&
      one.table === table &&
      one.device === device &&
      one.status === status &&
      one.poolName === poolName &&
      one.users === users &&
      one.useVolume === useVolume;
    if (one === undefined || !isSame) {
      const parts = { table, device, status, poolName, users, useVolume };
      one = { ...parts, volume: joinVolume(parts, table.target, nameVolume) };
      joined.set(table.name, one);
    }
    count += 1;
    pool.volumes.push(one.volume);
  }
  if (joined.size > count) forgetOthers(joined, byPool);
  return byPool;
}

function forgetOthers(joined: Map<string, Joined>, byPool: VolumesByPool): void {
  const names = new Set([...byPool.values()].flatMap(({ volumes }) => volumes.map(({ name }) => name)));
  for (const name of joined.keys()) if (!names.has(name)) joined.delete(name);
}

function keepPools(before: VolumesByPool, now: VolumesByPool): VolumesByPool {
  return new Map(
    [...now].map(([device, pool]) => {
      const old = before.get(device)?.volumes;
      const isSame =
        old?.length === pool.volumes.length && pool.volumes.every((volume, at) => volume === old[at]);
      return [device, isSame ? { ...pool, volumes: old } : pool];
    }),
  );
}

function mapPoolNames(tables: Facts['tables'], devices: ByName<DmDevice>): Map<DeviceNumber, string> {
  const names = new Map<DeviceNumber, string>();
  for (const { name, target } of tables) {
    const device = target.kind === 'pool' ? devices.get(name)?.device : undefined;
    if (device !== undefined) names.set(device, name);
  }
  return names;
}

function joinVolume(
  { table, device, status, poolName, useVolume }: Parts,
  target: VolumeTable,
  nameVolume: NameVolume,
): Volume {
  return omitUndefined({
    name: table.name,
    device: device.device,
    suspended: device.suspended,
    createdAfter: device.createdAfter,
    sizeBytes: table.lengthSectors * sectorBytes,
    deviceId: target.deviceId,
    origin: target.externalOrigin,
    state: status?.state,
    mappedBytes: status?.state === 'readable' ? status.mappedSectors * sectorBytes : undefined,
    lvName: lvNameOf(device),
    knownAs: nameVolume(device, poolName),
    use: useVolume(device, poolName),
  });
}

function lvNameOf({ name, uuid }: DmDevice): string | undefined {
  if (uuid === undefined || parseLvmUuid(uuid) === undefined) return undefined;
  return splitLvmName(name)?.lvName;
}
