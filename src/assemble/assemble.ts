import type { CollectorState } from '../model/collector-state.ts';
import type { Facts, PartialFacts } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { MinimumFreeOption, Pool } from '../model/pool.ts';
import { type CachedFacts, isCurrent } from './cached-facts.ts';
import { describeGroups } from './describe-groups.ts';
import { assignEvents } from './kernel.ts';
import { mapLayouts } from './layout.ts';
import { memoizeLast } from './memoize-last.ts';
import { newestPerVg } from './newest-per-vg.ts';
import { joinPool } from './pool.ts';
import { mapStacks } from './stack.ts';
import { createVolumeJoin, type VolumesByPool } from './volumes.ts';

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
  const joinOf = createVolumeJoin(settings.maxVolumes);
  return (cachedFacts, states, now) => assemble(cachedFacts, states, { settings, merge, joinOf }, now);
}

interface Tools {
  readonly settings: AssembleSettings;
  readonly merge: (parts: readonly PartialFacts[]) => Facts;
  readonly joinOf: (facts: Facts) => VolumesByPool;
}

function assemble(
  cachedFacts: readonly CachedFacts[],
  states: readonly CollectorState[],
  { settings, merge, joinOf }: Tools,
  now: number,
): Host {
  // Oldest first: if two have facts about the same pool or volume, the newer one takes precedence.
  const current = cachedFacts
    .filter((cached) => cached.discovers || isCurrent(cached, now))
    .sort((one, other) => one.takenAt - other.takenAt);
  const facts = merge(newestPerVg(current));
  const pools = joinPools(
    facts,
    {
      statuses: timesOf(current, 'poolStatuses'),
      volumes: timesOf(current, 'volumeStatuses'),
      dockerInfos: dockerInfoTime(current),
    },
    joinOf(facts),
    settings,
  );
  const events = assignEvents(pools, facts);
  return {
    takenAt: now,
    discovered: isDiscovered(cachedFacts, now),
    pools: pools.map((pool) => ({ ...pool, kernelEvents: events.byPool.get(pool.device) ?? [] })),
    missingPools: [],
    volumeGroups: facts.volumeGroups,
    logicalVolumes: facts.logicalVolumes,
    extendPolicies: facts.extendPolicies,
    dockerInfos: facts.dockerInfos,
    runningContainers: facts.runningContainers,
    daemons: facts.daemons,
    blockDevices: facts.blockDevices,
    kernelSettings: facts.kernelSettings,
    kernelEvents: facts.kernelEvents,
    unreadable: facts.unreadable,
    unassignedEvents: events.unassigned,
    collectors: states,
  };
}

/** When the inputs of the join were read, Unix ms. */
interface Times {
  /** By the dm name of the pool. */
  readonly statuses: ReadonlyMap<string, number>;
  /** By the name of a thin volume. */
  readonly volumes: ReadonlyMap<string, number>;
  readonly dockerInfos: number | undefined;
}

function joinPools(facts: Facts, takenAt: Times, volumes: VolumesByPool, settings: AssembleSettings): Pool[] {
  const devices = new Map(facts.devices.map((device) => [device.name, device]));
  const statuses = new Map(facts.poolStatuses.map((status) => [status.name, status]));
  const stackUnder = mapStacks(facts);
  const layoutUnder = mapLayouts(facts);
  const pools: Pool[] = [];
  for (const table of facts.tables) {
    const device = devices.get(table.name);
    if (table.target.kind !== 'pool' || device === undefined) continue;
    pools.push(
      joinPool({
        facts,
        device,
        table,
        target: table.target,
        volumes,
        minimumFree: settings.minimumFree,
        stackUnder,
        layoutUnder,
        status: statuses.get(table.name),
        statusTakenAt: takenAt.statuses.get(table.name),
        volumeTimes: takenAt.volumes,
        dockerInfoTakenAt: takenAt.dockerInfos,
      }),
    );
  }
  return pools.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function timesOf(
  cachedFacts: readonly CachedFacts[],
  kind: 'poolStatuses' | 'volumeStatuses',
): Map<string, number> {
  const times = new Map<string, number>();
  for (const { facts, takenAt } of cachedFacts)
    for (const { name } of facts[kind] ?? []) times.set(name, takenAt);
  return times;
}

function dockerInfoTime(cachedFacts: readonly CachedFacts[]): number | undefined {
  return cachedFacts.find(({ facts }) => facts.dockerInfos !== undefined)?.takenAt;
}

/** Whether devices and tables are both known and within their age limit. */
function isDiscovered(cachedFacts: readonly CachedFacts[], now: number): boolean {
  const fresh = cachedFacts
    .filter((cached) => cached.discovers && isCurrent(cached, now))
    .map((cached) => cached.facts);
  return (
    fresh.some(({ devices }) => devices !== undefined) && fresh.some(({ tables }) => tables !== undefined)
  );
}

/** Every kind of fact once; the compiler checks that none is missing. */
const factKinds: Readonly<Record<keyof Facts, true>> = {
  devices: true,
  tables: true,
  dependencies: true,
  poolStatuses: true,
  volumeStatuses: true,
  logicalVolumes: true,
  volumeGroups: true,
  extendPolicies: true,
  dockerInfos: true,
  runningContainers: true,
  deviceUsers: true,
  daemons: true,
  blockDevices: true,
  fileSystems: true,
  retryPolicies: true,
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
