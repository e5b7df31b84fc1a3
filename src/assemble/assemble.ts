import type { CollectorState } from '../model/collector-state.ts';
import type { DmDevice, Facts, PartialFacts } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import { memoizeLast, memoizePer } from '../model/memoize.ts';
import type { ActivePool, MinimumFreeOption, Pool } from '../model/pool.ts';
import { type CachedFacts, isCurrent } from './cached-facts.ts';
import { describeGroups } from './describe-groups.ts';
import { withInactiveVolumes } from './inactive-volumes.ts';
import { absenteesOf, assignEvents } from './kernel.ts';
import { type LayoutUnder, mapLayouts } from './layout.ts';
import { newestPerVg } from './newest-per-vg.ts';
import { joinPool } from './pool.ts';
import { type JoinTimes, readTimes } from './read-times.ts';
import { mapStacks, type StackUnder } from './stack.ts';
import { createVolumeTimes, type OldestReading } from './volume-times.ts';
import { createVolumeJoin, type VolumesByPool } from './volumes.ts';
import { poolsWithoutDevice } from './without-device.ts';

export interface AssembleSettings {
  /** Maximum number of thin volumes to list; the rest are only counted. */
  readonly maxVolumes: number;
  readonly minimumFree: readonly MinimumFreeOption[];
}

/** Joins the facts of all queries into one host. Expired facts are left out, except those that discover devices. */
export type Assemble = (
  cachedFacts: readonly CachedFacts[],
  states: readonly CollectorState[],
  now: number,
) => Host;

/**
 * Volumes are joined again only if their facts have changed: otherwise the host of the next call has the same objects,
 * which matters with thousands of volumes.
 */
export function createAssemble(settings: AssembleSettings): Assemble {
  const mergeAll = createMerge();
  const describe = memoizeLast(describeGroups);
  const merge = (parts: readonly PartialFacts[]): Facts => {
    const facts = mergeAll(parts);
    return { ...facts, volumeGroups: describe(facts.volumeGroups, facts.logicalVolumes) };
  };
  const tools: Tools = {
    settings,
    merge,
    joinOf: createVolumeJoin(settings.maxVolumes),
    under: createUnder(),
    timesOf: createVolumeTimes(),
  };
  return (cachedFacts, states, now) => assemble(cachedFacts, states, tools, now);
}

/** What is under a pool, made again only if a fact about it has changed: it indexes every device of the host. */
function createUnder(): (facts: Facts) => Under {
  const indexDevices = memoizeLast(
    (devices: Facts['devices']) => new Map(devices.map((device) => [device.name, device])),
  );
  const indexStacks = memoizeLast(
    (
      devices: Facts['devices'],
      tables: Facts['tables'],
      layers: Facts['layers'],
      blockDevices: Facts['blockDevices'],
    ) => mapStacks({ devices, tables, layers, blockDevices }),
  );
  const indexLayouts = memoizeLast((devices: Facts['devices'], tables: Facts['tables']) =>
    mapLayouts({ devices, tables }),
  );
  return ({ devices, tables, layers, blockDevices }) => ({
    devices: indexDevices(devices),
    stackUnder: indexStacks(devices, tables, layers, blockDevices),
    layoutUnder: indexLayouts(devices, tables),
  });
}

interface Under {
  /** By name. */
  readonly devices: ReadonlyMap<string, DmDevice>;
  readonly stackUnder: StackUnder;
  readonly layoutUnder: LayoutUnder;
}

interface Tools {
  readonly settings: AssembleSettings;
  readonly merge: (parts: readonly PartialFacts[]) => Facts;
  readonly joinOf: (facts: Facts) => VolumesByPool;
  readonly under: (facts: Facts) => Under;
  readonly timesOf: (facts: readonly CachedFacts[]) => OldestReading;
}

function assemble(
  cachedFacts: readonly CachedFacts[],
  states: readonly CollectorState[],
  { settings, merge, joinOf, under, timesOf }: Tools,
  now: number,
): Host {
  // Oldest first: if two have facts about the same pool or volume, the newer one takes precedence.
  const current = cachedFacts
    .filter((cached) => cached.discovers || isCurrent(cached, now))
    .sort((one, other) => one.takenAt - other.takenAt);
  const facts = merge(newestPerVg(current));
  const times = readTimes(current, now, timesOf(current));
  const active = joinPools(facts, { times, under: under(facts), volumes: joinOf(facts), settings });
  const others = poolsWithoutDevice({ facts, times, active, minimumFree: settings.minimumFree });
  const events = assignEvents(active, facts, absenteesOf(others, times.discovery !== undefined));
  const eventsOf = (pool: Pool) =>
    pool.device === undefined ? events.bySuspect.get(pool.name) : events.byPool.get(pool.device);
  const pools = [...active, ...others].map((pool) => ({ ...pool, kernelEvents: eventsOf(pool) ?? [] }));
  return {
    takenAt: now,
    discovered: times.discovery !== undefined,
    pools: withInactiveVolumes(pools, facts).sort((one, other) => (one.name < other.name ? -1 : 1)),
    missingPools: [],
    volumeGroups: facts.volumeGroups,
    logicalVolumes: facts.logicalVolumes,
    extendPolicies: facts.extendPolicies,
    repairSettings: facts.repairSettings,
    repairTools: facts.repairTools,
    dockerInfos: facts.dockerInfos,
    runningContainers: facts.runningContainers,
    nameRecords: facts.nameRecords,
    guestStates: facts.guestStates,
    pagerProcesses: facts.pagerProcesses,
    pagers: facts.pagers,
    neighbours: facts.neighbours,
    guestInterfaces: facts.guestInterfaces,
    daemons: facts.daemons,
    blockDevices: facts.blockDevices,
    deviceTraffic: facts.deviceTraffic,
    volumeMounts: facts.volumeMounts,
    volumeUsages: facts.volumeUsages,
    kernelSettings: facts.kernelSettings,
    kernelEvents: facts.kernelEvents,
    unreadable: facts.unreadable,
    unassignedEvents: events.unassigned,
    collectors: states,
    coverage: times.coverage,
  };
}

interface PoolInputs {
  readonly times: JoinTimes;
  readonly under: Under;
  readonly volumes: VolumesByPool;
  readonly settings: AssembleSettings;
}

function joinPools(facts: Facts, { times, under, volumes, settings }: PoolInputs): ActivePool[] {
  const { devices, stackUnder, layoutUnder } = under;
  const statuses = new Map(facts.poolStatuses.map((status) => [status.name, status]));
  const pools: ActivePool[] = [];
  for (const { table, target } of poolTablesIn(facts.tables)) {
    const device = devices.get(table.name);
    if (device === undefined) continue;
    pools.push(
      joinPool({
        facts,
        device,
        table,
        target,
        volumes,
        minimumFree: settings.minimumFree,
        stackUnder,
        layoutUnder,
        status: statuses.get(table.name),
        times,
      }),
    );
  }
  return pools;
}

/** Among thousands of tables of volumes. */
const poolTablesIn = memoizePer((tables: Facts['tables']) =>
  tables.flatMap((table) => (table.target.kind === 'pool' ? [{ table, target: table.target }] : [])),
);

/** Every kind of fact once; the compiler checks that none is missing. */
const factKinds: Readonly<Record<keyof Facts, true>> = {
  devices: true,
  tables: true,
  dependencies: true,
  poolStatuses: true,
  volumeStatuses: true,
  layers: true,
  logicalVolumes: true,
  volumeGroups: true,
  extendPolicies: true,
  repairSettings: true,
  repairTools: true,
  dockerInfos: true,
  runningContainers: true,
  deviceUsers: true,
  nameRecords: true,
  guestStates: true,
  pagerProcesses: true,
  pagers: true,
  neighbours: true,
  guestInterfaces: true,
  daemons: true,
  blockDevices: true,
  fileSystems: true,
  backingFiles: true,
  retryPolicies: true,
  deviceTraffic: true,
  volumeMounts: true,
  volumeUsages: true,
  kernelSettings: true,
  kernelEvents: true,
  unreadable: true,
};

/** Concatenates the facts of all fragments by kind; unchanged inputs yield the same list object. */
function createMerge(): (parts: readonly PartialFacts[]) => Facts {
  const merges = (Object.keys(factKinds) as (keyof Facts)[]).map(
    (kind) => [kind, memoizeLast((...lists: readonly (readonly unknown[])[]) => lists.flat())] as const,
  );
  return (parts) =>
    Object.fromEntries(
      merges.map(([kind, merge]) => [
        kind,
        merge(...parts.flatMap(({ [kind]: records }) => (records === undefined ? [] : [records]))),
      ]),
    ) as unknown as Facts;
}
