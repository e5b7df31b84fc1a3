import type { Facts, Fragment } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { MinimumFree, Pool } from '../model/pool.ts';
import type { SourceState } from '../model/source-state.ts';
import { type Answer, isCurrent } from './answer.ts';
import { withInactiveVolumes } from './inactive-volumes.ts';
import { rememberLast } from './memoize-last.ts';
import { newestOfGroups } from './newest-per-vg.ts';
import { joinPool } from './pool.ts';
import { type JoinTimes, readTimes } from './read-times.ts';
import { mapStacks } from './stack.ts';
import { createVolumeJoin, type VolumesByPool } from './volumes.ts';
import { poolsWithoutDevice } from './without-device.ts';

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
  const times = readTimes(current, now);
  const active = joinPools(facts, times, joinOf(facts), settings);
  const others = poolsWithoutDevice({ facts, times, active, minimumFree: settings.minimumFree });
  return {
    takenAt: now,
    discovered: times.discovery !== undefined,
    pools: withInactiveVolumes([...active, ...others], facts).sort((one, other) =>
      one.name < other.name ? -1 : 1,
    ),
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
    sources: states,
    coverage: times.coverage,
  };
}

function joinPools(
  facts: Facts,
  times: JoinTimes,
  volumes: VolumesByPool,
  settings: AssembleSettings,
): Pool[] {
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
        times,
      }),
    );
  }
  return pools;
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
  backingFiles: true,
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
