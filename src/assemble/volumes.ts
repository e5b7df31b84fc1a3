import type { DeviceNumber, DmDevice, DmTable, Facts, VolumeStatus, VolumeTable } from '../model/facts.ts';
import { memoizeLast } from '../model/memoize.ts';
import { parseLvmUuid, splitLvmName } from '../model/names.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Volume } from '../model/pool.ts';
import { sectorBytes } from '../model/units.ts';
import { type NameVolume, nameVolumes } from '../thinpool/volume-names.ts';
import { createVolumeUses, type UseVolume } from '../thinpool/volume-use.ts';
import { type ChosenVolumes, createVolumeChoice } from './choose-volumes.ts';
import { createRecordIndex, type RecordOf } from './record-index.ts';

/** The thin volumes of one pool device. */
export interface PoolVolumes {
  readonly volumes: readonly Volume[];
  /** Of the volumes; the same list as before while none has come or gone. */
  readonly names: readonly string[];
  readonly count: number;
  readonly provisionedBytes: number;
}

/** The inputs of the join. */
export type VolumeFacts = Pick<
  Facts,
  'devices' | 'tables' | 'dependencies' | 'volumeStatuses' | 'deviceUsers' | 'logicalVolumes' | 'nameRecords'
>;

export type VolumesByPool = ReadonlyMap<DeviceNumber, PoolVolumes>;

export const noVolumes: PoolVolumes = { volumes: [], names: [], count: 0, provisionedBytes: 0 };

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
  readonly target: VolumeTable;
  readonly poolDevice: DeviceNumber;
  /** Its place among the volumes of the pool. */
  readonly at: number;
}

/**
 * Thin volumes by the major:minor of their pool, the only link that the kernel offers: it is in the volume's table or, while
 * the pool is failed, only among its dependencies. At most `max` volumes are listed, the largest ones. A volume with unchanged facts is the
 * same object as before, and so is the list of a pool in which none has changed.
 */
export function createVolumeJoin(max: number): (facts: VolumeFacts) => VolumesByPool {
  const indexDevices = createIndex<DmDevice>();
  const indexStatuses = createRecordIndex<VolumeStatus>();
  const namesOfPools = memoizeLast(mapPoolNames);
  const nameIn = memoizeLast((deviceUsers: Facts['deviceUsers']) => nameVolumes({ deviceUsers }));
  const belowIn = memoizeLast(
    (dependencies: Facts['dependencies']) =>
      new Map(dependencies.map((entry) => [entry.name, entry.devices])),
  );
  const useIn = createVolumeUses();
  const choose = createVolumeChoice(max);
  /** By the name of the volume. */
  let joined = new Map<string, Joined>();
  let byPool: VolumesByPool = new Map();
  let hasTwins = false;
  /** All but the status, which changes all the time; the same object as before if nothing else has changed. */
  const around = memoizeLast(
    (
      devices: ByName<DmDevice>,
      tables: Facts['tables'],
      dependencies: Facts['dependencies'],
      users: Facts['deviceUsers'],
      useVolume: UseVolume,
      chosen: ChosenVolumes,
    ): Around => ({
      devices,
      tables,
      users,
      useVolume,
      chosen,
      poolNames: namesOfPools(tables, devices),
      nameVolume: nameIn(users),
      below: belowIn(dependencies),
    }),
  );
  let before: Around | undefined;
  return (facts) => {
    const { devices, volumeStatuses, tables, dependencies, deviceUsers } = facts;
    const useVolume = useIn(facts);
    const chosen = choose(tables, facts.logicalVolumes);
    const now = around(indexDevices(devices), tables, dependencies, deviceUsers, useVolume, chosen);
    const { recordOf, changed } = indexStatuses(volumeStatuses);
    const known = { around: now, statusOf: recordOf, joined };
    const isSame = before === now && !hasTwins;
    const next = isSame ? updateVolumes(known, byPool, changed) : joinVolumes(known);
    before = now;
    ({ joined, hasTwins } = next);
    if (next.byPool !== byPool) byPool = keepPools(byPool, next.byPool);
    return byPool;
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

interface Around {
  readonly devices: ByName<DmDevice>;
  readonly tables: Facts['tables'];
  readonly users: Facts['deviceUsers'];
  readonly useVolume: UseVolume;
  readonly chosen: ChosenVolumes;
  readonly poolNames: ReadonlyMap<DeviceNumber, string>;
  readonly nameVolume: NameVolume;
  /** By the name of a device: those in its table. */
  readonly below: ReadonlyMap<string, readonly DeviceNumber[]>;
}

interface Known {
  readonly around: Around;
  readonly statusOf: RecordOf<VolumeStatus>;
  /** Of the join before. */
  readonly joined: Map<string, Joined>;
}

interface Join {
  readonly joined: Map<string, Joined>;
  readonly byPool: VolumesByPool;
  /** A name is there twice: a volume was made anew while its table was read. */
  readonly hasTwins: boolean;
}

/** Joins all volumes. Those whose facts are the same stay the same objects. */
function joinVolumes({ around, statusOf, joined: before }: Known): Join {
  const { devices, users, useVolume, poolNames, nameVolume, below, chosen } = around;
  const byPool = new Map<
    DeviceNumber,
    { volumes: Volume[]; names: string[]; count: number; provisionedBytes: number }
  >();
  const joined = new Map<string, Joined>();
  let hasTwins = false;
  for (const table of around.tables) {
    const { target } = table;
    const device = target.kind === 'volume' ? devices.get(table.name) : undefined;
    if (target.kind !== 'volume' || device === undefined) continue;
    const poolBelow = target.unreadable
      ? below.get(table.name)?.find((one) => poolNames.has(one))
      : undefined;
    const poolDevice = poolBelow ?? target.poolDevice;
    if (poolDevice === undefined) continue;
    const pool = byPool.get(poolDevice) ?? { volumes: [], names: [], count: 0, provisionedBytes: 0 };
    byPool.set(poolDevice, pool);
    pool.count += 1;
    pool.provisionedBytes += table.lengthSectors * sectorBytes;
    if (chosen?.has(table.name) === false) continue;
    const status = statusOf(table.name);
    const parts = { table, device, status, poolName: poolNames.get(poolDevice), users, useVolume };
    const old = before.get(table.name);
    const volume = isOf(parts, old) ? old.volume : joinVolume(parts, target, nameVolume);
    hasTwins ||= joined.has(table.name);
    joined.set(table.name, { ...parts, volume, target, poolDevice, at: pool.volumes.length });
    pool.volumes.push(volume);
    pool.names.push(table.name);
  }
  return { joined, byPool, hasTwins };
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

/** Joins again the volumes with these names, of which only the status has changed. `joined` is updated. */
function updateVolumes(
  { around, statusOf, joined }: Known,
  before: VolumesByPool,
  names: readonly string[],
): Join {
  if (names.length === 0) return { joined, byPool: before, hasTwins: false };
  const lists = new Map<DeviceNumber, Volume[]>();
  for (const name of names) {
    const old = joined.get(name);
    if (old === undefined) continue;
    const status = statusOf(name);
    const volume = joinVolume({ ...old, status }, old.target, around.nameVolume);
    joined.set(name, { ...old, status, volume });
    const list = lists.get(old.poolDevice) ?? [...(before.get(old.poolDevice)?.volumes ?? [])];
    lists.set(old.poolDevice, list);
    list[old.at] = volume;
  }
  const byPool = new Map(before);
  for (const [device, volumes] of lists)
    byPool.set(device, { ...(before.get(device) ?? noVolumes), volumes });
  return { joined, byPool, hasTwins: false };
}

function keepPools(before: VolumesByPool, now: VolumesByPool): VolumesByPool {
  return new Map(
    [...now].map(([device, pool]) => {
      const old = before.get(device) ?? noVolumes;
      const volumes = keepList(old.volumes, pool.volumes);
      const names = keepList(old.names, pool.names);
      return [device, { ...pool, volumes, names }];
    }),
  );
}

/** The old list if the new one is the same. */
function keepList<Item>(before: readonly Item[], now: readonly Item[]): readonly Item[] {
  return before.length === now.length && now.every((item, at) => item === before[at]) ? before : now;
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
