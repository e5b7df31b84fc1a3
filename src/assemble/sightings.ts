import type { DockerInfo } from '../model/facts.ts';
import type { Coverage } from '../model/host.ts';
import { parseLvmUuid } from '../model/names.ts';
import { type OmitUndefined, omitUndefined } from '../model/omit-undefined.ts';
import type { Pool, PoolReadTimes, ReadTimes, Sighting } from '../model/pool.ts';
import { groupKey, type JoinTimes } from './read-times.ts';

type LvmPart = Partial<Pick<Pool, 'uuid' | 'vgName' | 'lvm' | 'volumeGroup'>>;

/** What LVM should report: every pool that it made, which its UUID says. */
export function lvmSightings(pool: OmitUndefined<LvmPart>, times: JoinTimes): Sighting[] {
  const isLvms = pool.lvm !== undefined || (pool.uuid !== undefined && parseLvmUuid(pool.uuid) !== undefined);
  if (!isLvms) return [];
  const coveredAt = lvmCoverage(times.coverage, pool.vgName);
  return [omitUndefined({ by: 'lvm', coveredAt, namedAt: lvmReadTimes(pool, times).lvm } as const)];
}

export function dockerSightings(dockerInfo: DockerInfo | undefined, { dockerInfos }: JoinTimes): Sighting[] {
  return dockerInfo === undefined
    ? []
    : [omitUndefined({ by: 'docker', coveredAt: dockerInfos, namedAt: dockerInfos } as const)];
}

/** The latest reading of LVM that was about this VG, or about all. */
export function lvmCoverage(
  coverage: readonly Coverage[],
  vgName: string | undefined,
): ReadTimes | undefined {
  const about = coverage.filter(({ by, vg }) => by === 'lvm' && (vg === undefined || vg === vgName));
  return about.reduce<ReadTimes | undefined>(
    (last, { at }) => (last === undefined || at.startedAt >= last.startedAt ? at : last),
    undefined,
  );
}

export function lvmReadTimes(
  { lvm, volumeGroup }: OmitUndefined<LvmPart>,
  times: JoinTimes,
): OmitUndefined<PoolReadTimes> {
  return omitUndefined({
    lvm: lvm && times.logicalVolumes.get(groupKey(lvm)),
    volumeGroup: volumeGroup && times.volumeGroups.get(groupKey(volumeGroup)),
  });
}
