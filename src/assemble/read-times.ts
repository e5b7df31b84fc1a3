import type { Facts } from '../model/facts.ts';
import type { Coverage } from '../model/host.ts';
import type { ReadTimes } from '../model/pool.ts';
import { type Answer, isCurrent, timesOf } from './answer.ts';

/** When the facts of a join were read. Where two readings report the same thing the later one counts, as it does for the facts. */
export interface JoinTimes {
  readonly coverage: readonly Coverage[];
  /** By dm name. */
  readonly statuses: ReadonlyMap<string, ReadTimes>;
  /** By the name of a thin volume, the start. */
  readonly volumes: ReadonlyMap<string, number>;
  /** By `groupKey`, of the LVs of a VG and of its own row. */
  readonly logicalVolumes: ReadonlyMap<string, ReadTimes>;
  readonly volumeGroups: ReadonlyMap<string, ReadTimes>;
  readonly consumers: ReadTimes | undefined;
  /** Of the devices; absent while they or their tables are not known, or too old. */
  readonly discovery: ReadTimes | undefined;
}

/** `answers` are oldest first. */
export function readTimes(answers: readonly Answer[], now: number): JoinTimes {
  const volumes = timesBy(answers, 'volumeStatuses', ({ name }) => name);
  return {
    coverage: answers.flatMap(coverageOf),
    statuses: timesBy(answers, 'poolStatuses', ({ name }) => name),
    volumes: new Map([...volumes].map(([name, { startedAt }]) => [name, startedAt])),
    logicalVolumes: timesBy(answers, 'logicalVolumes', groupKey),
    volumeGroups: timesBy(answers, 'volumeGroups', groupKey),
    consumers: latest(answers, 'consumers'),
    discovery: discoveryOf(answers.filter((answer) => answer.namesThings && isCurrent(answer, now))),
  };
}

export function groupKey({
  vgUuid,
  vgName,
}: Pick<Facts['volumeGroups'][number], 'vgUuid' | 'vgName'>): string {
  return vgUuid ?? vgName;
}

function discoveryOf(answers: readonly Answer[]): ReadTimes | undefined {
  return latest(answers, 'tables') && latest(answers, 'devices');
}

function latest(answers: readonly Answer[], word: keyof Facts): ReadTimes | undefined {
  const last = answers.findLast(({ fragment }) => fragment[word] !== undefined);
  return last && timesOf(last);
}

function coverageOf(answer: Answer): Coverage[] {
  const { fragment, vg } = answer;
  const at = timesOf(answer);
  if (fragment.consumers !== undefined) return [{ by: 'docker', at }];
  if (fragment.logicalVolumes === undefined) return [];
  return [vg === undefined ? { by: 'lvm', at } : { by: 'lvm', vg, at }];
}

function timesBy<Word extends keyof Facts>(
  answers: readonly Answer[],
  word: Word,
  keyOf: (record: Facts[Word][number]) => string,
): Map<string, ReadTimes> {
  const times = new Map<string, ReadTimes>();
  for (const answer of answers) {
    const at = timesOf(answer);
    for (const record of answer.fragment[word] ?? []) times.set(keyOf(record), at);
  }
  return times;
}
