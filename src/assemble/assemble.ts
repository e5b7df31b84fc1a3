import type { Facts, Fragment } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { MinimumFree, Pool } from '../model/pool.ts';
import type { SourceState } from '../model/source-state.ts';
import { type Answer, isCurrent } from './answer.ts';
import { assignEvents } from './kernel.ts';
import { rememberLast } from './memoize-last.ts';
import { newestOfGroups } from './newest-per-vg.ts';
import { joinPool } from './pool.ts';
import { mapStacks } from './stack.ts';
import { createVolumeJoin, type VolumesByPool } from './volumes.ts';

export interface AssembleSettings {
  /** Maximum number of thin volumes to list; the rest are only counted. */
  readonly maxVolumes: number;
  readonly minimumFree: readonly MinimumFree[];
}

/** Joins the facts of all queries into one host. Expired facts are left out, except those that discover devices. */
export type Assemble = (answers: readonly Answer[], states: readonly SourceState[], now: number) => Host;

/**
 * Volumes are joined again only if their facts have changed: otherwise the host of the next call has the same objects,
 * which matters with thousands of volumes.
 */
export function createAssemble(settings: AssembleSettings): Assemble {
  const merge = createMerge();
  const joinOf = createVolumeJoin(settings.maxVolumes);
  return (answers, states, now) => assemble(answers, states, { settings, merge, joinOf }, now);
}

interface Tools {
  readonly settings: AssembleSettings;
  readonly merge: (fragments: readonly Fragment[]) => Facts;
  readonly joinOf: (facts: Facts) => VolumesByPool;
}

function assemble(
  answers: readonly Answer[],
  states: readonly SourceState[],
  { settings, merge, joinOf }: Tools,
  now: number,
): Host {
  // Oldest first: if two have facts about the same pool or volume, the newer one takes precedence.
  const current = answers
    .filter((answer) => answer.namesThings || isCurrent(answer, now))
    .sort((one, other) => one.takenAt - other.takenAt);
  const facts = merge(newestOfGroups(current));
  const pools = joinPools(
    facts,
    {
      statuses: timesOf(current, 'poolStatuses'),
      volumes: timesOf(current, 'volumeStatuses'),
      consumers: consumerTime(current),
    },
    joinOf(facts),
    settings,
  );
  const events = assignEvents(pools, facts);
  return {
    takenAt: now,
    discovered: isDiscovered(answers, now),
    pools: pools.map((pool) => ({ ...pool, kernelEvents: events.byPool.get(pool.device) ?? [] })),
    missingPools: [],
    volumeGroups: facts.volumeGroups,
    logicalVolumes: facts.logicalVolumes,
    extendPolicies: facts.extendPolicies,
    consumers: facts.consumers,
    runningContainers: facts.runningContainers,
    daemons: facts.daemons,
    blockDevices: facts.blockDevices,
    kernelSettings: facts.kernelSettings,
    kernelEvents: facts.kernelEvents,
    unassignedEvents: events.unassigned,
    sources: states,
  };
}

/** When the inputs of the join were read, Unix ms. */
interface Times {
  /** By the dm name of the pool. */
  readonly statuses: ReadonlyMap<string, number>;
  /** By the name of a thin volume. */
  readonly volumes: ReadonlyMap<string, number>;
  readonly consumers: number | undefined;
}

function joinPools(facts: Facts, takenAt: Times, volumes: VolumesByPool, settings: AssembleSettings): Pool[] {
  const devices = new Map(facts.devices.map((device) => [device.name, device]));
  const statuses = new Map(facts.poolStatuses.map((status) => [status.name, status]));
  const stackUnder = mapStacks(facts);
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
        status: statuses.get(table.name),
        statusTakenAt: takenAt.statuses.get(table.name),
        volumeTimes: takenAt.volumes,
        consumersTakenAt: takenAt.consumers,
      }),
    );
  }
  return pools.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function timesOf(answers: readonly Answer[], word: 'poolStatuses' | 'volumeStatuses'): Map<string, number> {
  const times = new Map<string, number>();
  for (const { fragment, takenAt } of answers)
    for (const { name } of fragment[word] ?? []) times.set(name, takenAt);
  return times;
}

function consumerTime(answers: readonly Answer[]): number | undefined {
  return answers.find(({ fragment }) => fragment.consumers !== undefined)?.takenAt;
}

/** Whether devices and tables are both known and within their age limit. */
function isDiscovered(answers: readonly Answer[], now: number): boolean {
  const fresh = answers
    .filter((answer) => answer.namesThings && isCurrent(answer, now))
    .map((answer) => answer.fragment);
  return (
    fresh.some(({ devices }) => devices !== undefined) && fresh.some(({ tables }) => tables !== undefined)
  );
}

/** Every kind of fact once; the compiler checks that none is missing. */
const words: Readonly<Record<keyof Facts, true>> = {
  devices: true,
  tables: true,
  dependencies: true,
  poolStatuses: true,
  volumeStatuses: true,
  logicalVolumes: true,
  volumeGroups: true,
  extendPolicies: true,
  consumers: true,
  runningContainers: true,
  deviceUsers: true,
  daemons: true,
  blockDevices: true,
  fileSystems: true,
  retryPolicies: true,
  kernelSettings: true,
  kernelEvents: true,
};

/** Concatenates the facts of all fragments by kind; unchanged inputs yield the same list object. */
function createMerge(): (fragments: readonly Fragment[]) => Facts {
  const lists = (Object.keys(words) as (keyof Facts)[]).map(
    (word) => [word, rememberLast((...parts: readonly (readonly unknown[])[]) => parts.flat())] as const,
  );
  return (fragments) =>
    Object.fromEntries(
      lists.map(([word, merge]) => [
        word,
        merge(...fragments.flatMap(({ [word]: records }) => (records === undefined ? [] : [records]))),
      ]),
    ) as unknown as Facts;
}
