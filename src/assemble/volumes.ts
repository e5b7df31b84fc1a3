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
  /** By the name of the volume. */
  let joined = new Map<string, Joined>();
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
      const facts = { devices, statuses, tables, dependencies, deviceUsers, useVolume, chosen };
      const now = joinVolumes(facts, joined);
      joined = now.joined;
      byPool = keepPools(byPool, now.byPool);
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

interface Indexed extends Pick<Facts, 'tables' | 'dependencies' | 'deviceUsers'> {
  readonly devices: ByName<DmDevice>;
  readonly statuses: ByName<VolumeStatus>;
  readonly useVolume: UseVolume;
  readonly chosen: ChosenVolumes;
}

interface Join {
  readonly joined: Map<string, Joined>;
  readonly byPool: VolumesByPool;
}

/** Reuses the parts of the previous join that are still valid. */
function joinVolumes(facts: Indexed, before: ReadonlyMap<string, Joined>): Join {
  const { devices, statuses, deviceUsers: users, useVolume } = facts;
  const byPool = new Map<DeviceNumber, { volumes: Volume[]; count: number; provisionedBytes: number }>();
  const poolNames = namesOfPools(facts);
  const nameVolume = nameVolumes(facts);
  const below = new Map(facts.dependencies.map((entry) => [entry.name, entry.devices]));
  const joined = new Map<string, Joined>();
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
    if (facts.chosen?.has(table.name) === false) continue;
    const parts = {
      table,
      device,
      status: statuses.get(table.name),
      poolName: poolNames.get(poolDevice),
      users,
      useVolume,
    };
    const old = before.get(table.name);
    const one = isOf(parts, old) ? old : { ...parts, volume: joinVolume(parts, table.target, nameVolume) };
    joined.set(table.name, one);
    pool.volumes.push(one.volume);
  }
  return { joined, byPool };
}

function isOf(parts: Parts, old: Joined | undefined): old is Joined {
  return (
    old !== undefined &&
    parts.table === old.table &&
    parts.device === old.device &&
    parts.status === old.status &&
    parts.poolName === old.poolName &&
    parts.users === old.users &&
    parts.useVolume === old.useVolume
  );
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

function namesOfPools({ tables, devices }: Indexed): Map<DeviceNumber, string> {
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
