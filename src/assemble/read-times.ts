import type { Facts } from '../model/facts.ts';
import type { Coverage } from '../model/host.ts';
import type { ReadTimes } from '../model/pool.ts';
import { type CachedFacts, isCurrent, timesOf } from './cached-facts.ts';
import type { OldestReading } from './volume-times.ts';

/** When the facts of a join were read. Where two readings report the same thing the later one counts, as it does for the facts. */
export interface JoinTimes {
  readonly coverage: readonly Coverage[];
  /** By dm name. */
  readonly statuses: ReadonlyMap<string, ReadTimes>;
  readonly oldestOf: OldestReading;
  /** By `groupKey`, of the LVs of a VG and of its own row. */
  readonly logicalVolumes: ReadonlyMap<string, ReadTimes>;
  readonly volumeGroups: ReadonlyMap<string, ReadTimes>;
  readonly dockerInfos: ReadTimes | undefined;
  /** Of the devices; absent while they or their tables are not known, or too old. */
  readonly discovery: ReadTimes | undefined;
}

/** `facts` are oldest first. */
export function readTimes(facts: readonly CachedFacts[], now: number, oldestOf: OldestReading): JoinTimes {
  return {
    coverage: facts.flatMap(coverageOf),
    statuses: timesBy(facts, 'poolStatuses', ({ name }) => name),
    oldestOf,
    logicalVolumes: timesBy(facts, 'logicalVolumes', groupKey),
    volumeGroups: timesBy(facts, 'volumeGroups', groupKey),
    dockerInfos: latest(facts, 'dockerInfos'),
    discovery: discoveryOf(facts.filter((output) => output.discovers && isCurrent(output, now))),
  };
}

export function groupKey({
  vgUuid,
  vgName,
}: Pick<Facts['volumeGroups'][number], 'vgUuid' | 'vgName'>): string {
  return vgUuid ?? vgName;
}

function discoveryOf(facts: readonly CachedFacts[]): ReadTimes | undefined {
  return latest(facts, 'tables') && latest(facts, 'devices');
}

function latest(facts: readonly CachedFacts[], word: keyof Facts): ReadTimes | undefined {
  const last = facts.findLast(({ facts }) => facts[word] !== undefined);
  return last && timesOf(last);
}

function coverageOf(output: CachedFacts): Coverage[] {
  const { facts, vg } = output;
  const at = timesOf(output);
  if (facts.dockerInfos !== undefined) return [{ by: 'docker', at }];
  if (facts.logicalVolumes === undefined) return [];
  return [vg === undefined ? { by: 'lvm', at } : { by: 'lvm', vg, at }];
}

function timesBy<Word extends keyof Facts>(
  facts: readonly CachedFacts[],
  word: Word,
  keyOf: (record: Facts[Word][number]) => string,
): Map<string, ReadTimes> {
  const times = new Map<string, ReadTimes>();
  for (const output of facts) {
    const at = timesOf(output);
    for (const record of output.facts[word] ?? []) times.set(keyOf(record), at);
  }
  return times;
}
