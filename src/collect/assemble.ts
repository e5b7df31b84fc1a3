import type { Facts, Fragment } from '../model/facts.ts';
import type { Host, Pool, SourceState } from '../model/host.ts';
import { type Answer, isCurrent } from './answer.ts';
import { joinPool } from './join-pool.ts';
import { joinVolumes } from './join-volumes.ts';
import { newestOfGroups } from './newest-group.ts';
import { mapStacks } from './stack.ts';

export interface AssembleSettings {
  /** Thin volumes shown one by one; the rest is counted. */
  readonly maxVolumes: number;
  readonly minimumFree: readonly MinimumFree[];
}

/** The floor that an option puts under a pool, or under all, where no consumer tells one. */
export interface MinimumFree {
  readonly pool?: string;
  readonly percent: number;
}

/** Joins answers into one host. Expired answers are left out, but for those that name what there is. */
export function assemble(
  answers: readonly Answer[],
  states: readonly SourceState[],
  settings: AssembleSettings,
  now: number,
): Host {
  // Oldest first: where two tell of the same pool or volume, the newer one has the last word.
  const current = answers
    .filter((answer) => answer.namesThings || isCurrent(answer, now))
    .sort((one, other) => one.takenAt - other.takenAt);
  const facts = mergeFragments(newestOfGroups(current));
  return {
    takenAt: now,
    discovered: isDiscovered(answers, now),
    pools: joinPools(facts, { statuses: statusTimes(current), consumers: consumerTime(current) }, settings),
    missingPools: [],
    volumeGroups: facts.volumeGroups,
    logicalVolumes: facts.logicalVolumes,
    extendPolicies: facts.extendPolicies,
    consumers: facts.consumers,
    daemons: facts.daemons,
    blockDevices: facts.blockDevices,
    kernelSettings: facts.kernelSettings,
    kernelEvents: facts.kernelEvents,
    sources: states,
  };
}

/** When what the pools are joined from was read. */
interface Times {
  /** By the dm name of the pool. */
  readonly statuses: ReadonlyMap<string, number>;
  readonly consumers: number | undefined;
}

function joinPools(facts: Facts, takenAt: Times, settings: AssembleSettings): Pool[] {
  const devices = new Map(facts.devices.map((device) => [device.name, device]));
  const statuses = new Map(facts.poolStatuses.map((status) => [status.name, status]));
  const volumes = joinVolumes(facts, devices, settings.maxVolumes);
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
        consumersTakenAt: takenAt.consumers,
      }),
    );
  }
  return pools.sort((one, other) => (one.name < other.name ? -1 : 1));
}

function statusTimes(answers: readonly Answer[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const { fragment, takenAt } of answers)
    for (const { name } of fragment.poolStatuses ?? []) times.set(name, takenAt);
  return times;
}

function consumerTime(answers: readonly Answer[]): number | undefined {
  return answers.find(({ fragment }) => fragment.consumers !== undefined)?.takenAt;
}

/** Devices and tables are both known, and within their age. */
function isDiscovered(answers: readonly Answer[], now: number): boolean {
  const fresh = answers
    .filter((answer) => answer.namesThings && isCurrent(answer, now))
    .map((answer) => answer.fragment);
  return (
    fresh.some(({ devices }) => devices !== undefined) && fresh.some(({ tables }) => tables !== undefined)
  );
}

function mergeFragments(fragments: readonly Fragment[]): Facts {
  const all = <Word extends keyof Facts>(word: Word): Facts[Word][number][] => {
    const records: Facts[Word][number][] = [];
    for (const fragment of fragments) for (const record of fragment[word] ?? []) records.push(record);
    return records;
  };
  return {
    devices: all('devices'),
    tables: all('tables'),
    dependencies: all('dependencies'),
    poolStatuses: all('poolStatuses'),
    volumeStatuses: all('volumeStatuses'),
    logicalVolumes: all('logicalVolumes'),
    volumeGroups: all('volumeGroups'),
    extendPolicies: all('extendPolicies'),
    consumers: all('consumers'),
    daemons: all('daemons'),
    blockDevices: all('blockDevices'),
    fileSystems: all('fileSystems'),
    retryPolicies: all('retryPolicies'),
    kernelSettings: all('kernelSettings'),
    kernelEvents: all('kernelEvents'),
  };
}
