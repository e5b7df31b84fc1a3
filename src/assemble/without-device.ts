import type { DockerInfo, Facts, LogicalVolume } from '../model/facts.ts';
import { memoizePer } from '../model/memoize.ts';
import { joinLvmName } from '../model/names.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { MinimumFreeOption, Pool, ReadTimes, Space } from '../model/pool.ts';
import { lvmMinimums } from '../thinpool/lvm-minimum-free.ts';
import { minimumFreesOf } from '../thinpool/minimum-free.ts';
import { ownerOf } from '../thinpool/owner.ts';
import { dockerSpace, lvmSpace } from '../thinpool/reported-space.ts';
import { planOf, spareBeside, volumeGroupOf } from './lvm.ts';
import { configuredPercent, joinDockerInfo } from './pool.ts';
import type { JoinTimes } from './read-times.ts';
import { dockerSightings, lvmReadTimes, lvmSightings } from './sightings.ts';

export interface OtherParts {
  readonly facts: Facts;
  readonly times: JoinTimes;
  /** The pools that device-mapper has. */
  readonly active: readonly Pool[];
  readonly minimumFree: readonly MinimumFreeOption[];
}

/**
 * The pools that LVM or Docker reports and device-mapper does not: LVM those that are not active, or all where device-mapper
 * cannot be read; Docker its own; and Stratis, whose pools have devices below them when they could not be started.
 */
export function poolsWithoutDevice(parts: OtherParts): Pool[] {
  const names = new Set(parts.active.flatMap(({ name, dmName }) => [name, dmName]));
  const found: Pool[] = [];
  const add = (pool: Pool): void => {
    const name = names.has(pool.name) ? distinctName(pool) : pool.name;
    names.add(name);
    found.push({ ...pool, name });
  };
  for (const volume of unmatched(parts)) add(fromLvm(volume, parts));
  for (const dmName of stratisWithoutPool(parts.facts.tables))
    if (!names.has(dmName)) add(fromStratis(dmName, parts));
  for (const dockerInfo of parts.facts.dockerInfos) {
    const { poolName } = dockerInfo;
    if (poolName !== undefined && !names.has(poolName)) add(fromDocker(poolName, dockerInfo, parts));
  }
  return found;
}

/** Two VGs may have one name. */
function distinctName({ name, uuid = '' }: Pool): string {
  return `${name}@${uuid.slice('LVM-'.length, 'LVM-'.length + 6)}`;
}

function unmatched({ facts, times, active }: OtherParts): LogicalVolume[] {
  const matched = new Set(active.flatMap(({ lvm }) => (lvm === undefined ? [] : [identityOf(lvm)])));
  return facts.logicalVolumes.filter(
    (volume) => volume.role === 'pool' && !matched.has(identityOf(volume)) && !isOutdated(volume, times),
  );
}

function identityOf({ lvUuid, vgName, lvName }: LogicalVolume): string {
  return lvUuid ?? `${vgName}/${lvName}`;
}

/** LVM saw it active, and device-mapper has been read since and does not have it: it is gone, or what LVM says next. */
function isOutdated(volume: LogicalVolume, times: JoinTimes): boolean {
  const readAt = lvmReadTimes({ lvm: volume }, times).lvm;
  const { discovery } = times;
  return (
    volume.active === true && readAt !== undefined && discovery !== undefined && isAfter(discovery, readAt)
  );
}

function isAfter(one: ReadTimes, other: ReadTimes): boolean {
  return one.startedAt > other.finishedAt;
}

function fromLvm(volume: LogicalVolume, { facts, times, minimumFree }: OtherParts): Pool {
  const { vgName, lvName, vgUuid, lvUuid } = volume;
  const name = joinLvmName(vgName, lvName);
  const uuid = vgUuid === undefined || lvUuid === undefined ? undefined : `LVM-${vgUuid}${lvUuid}-tpool`;
  const volumeGroup = volumeGroupOf(volume, facts);
  const isInactive = volume.active === false;
  const dockerInfo = isInactive ? undefined : joinDockerInfo(facts, [name]);
  const spare = spareBeside(volume, facts.logicalVolumes);
  const lvm = omitUndefined({ lvm: volume, volumeGroup, spare });
  const fromDockers = {
    data: dockerSpace(dockerInfo, 'data'),
    metadata: dockerSpace(dockerInfo, 'metadata'),
  };
  const own = { data: lvmSpace(volume, 'data'), metadata: lvmSpace(volume, 'metadata') };
  const isDockers = own.data === undefined && fromDockers.data !== undefined;
  const readAt = lvmReadTimes(lvm, times);
  return withoutDevice(
    {
      name,
      uuid,
      owner: 'lvm',
      presence: isInactive ? 'inactive' : 'unseen',
      vgName,
      lvName,
      ...lvm,
      ...omitUndefined({
        autoextend: isInactive ? undefined : planOf(lvm, facts),
      }),
      suspended: volume.suspended === true && !isInactive ? true : undefined,
      dockerInfo,
      sightings: [
        omitUndefined({ by: 'device-mapper', coveredAt: times.discovery } as const),
        ...lvmSightings(lvm, times),
        ...dockerSightings(dockerInfo, times),
      ],
      readAt,
      spaces: { data: own.data ?? fromDockers.data, metadata: own.metadata ?? fromDockers.metadata },
      spaceAt: isDockers ? times.dockerInfos : readAt.lvm,
      toldAt: times.dockerInfos,
    },
    minimumFree,
  );
}

function fromDocker(poolName: string, dockerInfo: DockerInfo, { times, minimumFree }: OtherParts): Pool {
  return withoutDevice(
    {
      name: poolName,
      uuid: undefined,
      owner: ownerOf(poolName, undefined, []),
      presence: 'unseen',
      dockerInfo,
      sightings: [
        omitUndefined({ by: 'device-mapper', coveredAt: times.discovery } as const),
        ...dockerSightings(dockerInfo, times),
      ],
      readAt: {},
      spaces: { data: dockerSpace(dockerInfo, 'data'), metadata: dockerSpace(dockerInfo, 'metadata') },
      spaceAt: times.dockerInfos,
      toldAt: times.dockerInfos,
    },
    minimumFree,
  );
}

function fromStratis(dmName: string, { times }: OtherParts): Pool {
  return withoutDevice(
    {
      name: dmName,
      uuid: undefined,
      owner: 'stratis',
      presence: 'inactive',
      sightings: [
        omitUndefined({ by: 'device-mapper', coveredAt: times.discovery, namedAt: times.discovery } as const),
      ],
      readAt: {},
      spaces: { data: undefined, metadata: undefined },
      spaceAt: undefined,
      toldAt: undefined,
    },
    [],
  );
}

/** `stratis-1-private-UUID-flex-thinmeta` lies under `…-thinpool-pool` (stratisd src/engine/strat_engine/names.rs). */
const flexMetadata = /^(?<start>stratis-1-.+)-flex-thinmeta$/;

const stratisWithoutPool = memoizePer((tables: Facts['tables']) =>
  tables.flatMap(({ name }) => {
    const start = name.startsWith('stratis-1-') ? flexMetadata.exec(name)?.groups?.['start'] : undefined;
    return start === undefined ? [] : [`${start}-thinpool-pool`];
  }),
);

type Own = Pick<Pool, 'name' | 'owner' | 'presence' | 'sightings' | 'readAt'> &
  Partial<Pick<Pool, 'vgName' | 'lvName' | 'lvm' | 'volumeGroup' | 'spare' | 'autoextend'>> & {
    readonly uuid: string | undefined;
    readonly suspended?: true | undefined;
    readonly dockerInfo?: DockerInfo | undefined;
    readonly spaces: { readonly data: Space | undefined; readonly metadata: Space | undefined };
    readonly spaceAt: ReadTimes | undefined;
    readonly toldAt: ReadTimes | undefined;
  };

function withoutDevice(
  { spaces, spaceAt, toldAt, ...own }: Own,
  minimumFree: readonly MinimumFreeOption[],
): Pool {
  const { name, dockerInfo } = own;
  const isKnown = spaces.data !== undefined || spaces.metadata !== undefined;
  return omitUndefined({
    ...own,
    dmName: name,
    ...spaces,
    statusTakenAt: isKnown ? spaceAt?.startedAt : undefined,
    minimumFrees: [
      ...minimumFreesOf(spaces, dockerInfo, configuredPercent(minimumFree, name)),
      ...lvmMinimums({ volumes: [], ...omitUndefined({ ...own, ...spaces }) }),
    ],
    minimumFreeReportedAt: dockerInfo?.minimumFreeBytes === undefined ? undefined : toldAt?.startedAt,
    volumes: [],
    volumeCount: 0,
    inactiveVolumeCount: 0,
    provisionedBytes: 0,
    stack: [],
    backing: [],
    retryPolicies: [],
    kernelEvents: [],
    extensions: { data: 0, metadata: 0 },
  });
}
