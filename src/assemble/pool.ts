import type {
  DmDevice,
  DmTable,
  DockerInfo,
  Facts,
  PoolCounters,
  PoolStatus,
  PoolTable,
} from '../model/facts.ts';
import { publicPoolName } from '../model/names.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { ActivePool, MinimumFreeOption } from '../model/pool.ts';
import { lvmMinimums } from '../thinpool/lvm-minimum-free.ts';
import { minimumFreesOf } from '../thinpool/minimum-free.ts';
import { isOfContainersStorage, ownerOf } from '../thinpool/owner.ts';
import { atMost, dataSpace, metadataSpace } from '../thinpool/space.ts';
import { retryPoliciesOf } from './kernel.ts';
import type { LayoutUnder } from './layout.ts';
import { joinLvm } from './lvm.ts';
import type { JoinTimes } from './read-times.ts';
import { dockerSightings, lvmReadTimes, lvmSightings } from './sightings.ts';
import type { StackUnder } from './stack.ts';
import { backingFilesOf, roomUnder, vdoRoomUnder } from './stack.ts';
import { noVolumes, type VolumesByPool } from './volumes.ts';

export interface PoolParts {
  readonly facts: Facts;
  readonly device: DmDevice;
  readonly table: DmTable;
  readonly target: PoolTable;
  readonly volumes: VolumesByPool;
  readonly minimumFree: readonly MinimumFreeOption[];
  readonly stackUnder: StackUnder;
  readonly layoutUnder: LayoutUnder;
  readonly status: PoolStatus | undefined;
  readonly times: JoinTimes;
}

/** Joins all facts about one pool device. */
export function joinPool(parts: PoolParts): ActivePool {
  const { facts, device, table, target, status, times } = parts;
  const { volumes, names, count, provisionedBytes } = parts.volumes.get(device.device) ?? noVolumes;
  const name = publicPoolName(device.name, device.uuid);
  const counters = countersOf(status, target);
  const dockerInfo = joinDockerInfo(facts, [name, device.name]);
  const layouts = omitUndefined({
    data: parts.layoutUnder(target.dataDevice),
    metadata: parts.layoutUnder(target.metadataDevice),
  });
  const stack = parts.stackUnder(target);
  const backing = backingFilesOf(stack, facts);
  const statusAt = times.statuses.get(device.name);
  const spaces = {
    data:
      counters &&
      atMost(dataSpace(counters, target, roomUnder('data', backing)), vdoRoomUnder('data', stack)),
    metadata:
      counters &&
      atMost(metadataSpace(counters, roomUnder('metadata', backing)), vdoRoomUnder('metadata', stack)),
  };
  const owner = ownerOf(device.name, device.uuid, volumes);
  const lvm = joinLvm(
    device,
    omitUndefined({ lengthSectors: table.lengthSectors, counters, layouts }),
    facts,
  );
  const minimumFrees = [
    ...minimumFreesOf(
      spaces,
      dockerInfo,
      configuredPercent(parts.minimumFree, name),
      isOfContainersStorage(owner, volumes),
    ),
    ...lvmMinimums({ owner, volumes, ...omitUndefined(spaces), ...lvm, ...(dockerInfo && { dockerInfo }) }),
  ];
  return omitUndefined({
    name,
    dmName: device.name,
    uuid: device.uuid,
    presence: 'active' as const,
    sightings: [
      omitUndefined({ by: 'device-mapper', coveredAt: times.discovery, namedAt: times.discovery } as const),
      ...lvmSightings(omitUndefined({ uuid: device.uuid, ...lvm }), times),
      ...dockerSightings(dockerInfo, times),
    ],
    readAt: omitUndefined({ status: statusAt, ...lvmReadTimes(lvm, times) }),
    device: device.device,
    owner,
    suspended: device.suspended,
    openCount: device.openCount,
    eventNumber: device.eventNumber,
    createdAfter: device.createdAfter,
    table: target,
    lengthSectors: table.lengthSectors,
    state: status?.state,
    statusTakenAt: statusAt?.startedAt,
    counters,
    ...spaces,
    minimumFrees,
    minimumFreeReportedAt:
      dockerInfo?.minimumFreeBytes === undefined ? undefined : times.dockerInfos?.startedAt,
    volumes,
    volumesTakenAt: times.oldestOf(names),
    volumeCount: count,
    inactiveVolumeCount: 0,
    provisionedBytes,
    layouts,
    ...lvm,
    dockerInfo,
    stack,
    backing,
    retryPolicies: retryPoliciesOf(volumes, facts),
    // Assigned when all pools are known.
    kernelEvents: [],
    extensions: { data: 0, metadata: 0 },
  });
}

/** The consumer that reports using the pool, under any of the pool's names. */
export function joinDockerInfo(facts: Facts, names: readonly string[]): DockerInfo | undefined {
  return facts.dockerInfos.find(({ poolName }) => poolName !== undefined && names.includes(poolName));
}

/** The minimum configured for this pool, else for all pools. */
export function configuredPercent(
  minimumFree: readonly MinimumFreeOption[],
  name: string,
): number | undefined {
  const own =
    minimumFree.find(({ pool }) => pool === name) ?? minimumFree.find(({ pool }) => pool === undefined);
  return own?.percent;
}

/** The counters, unless they belong to a different pool than the table: one recreated under the same name with larger blocks. */
function countersOf(status: PoolStatus | undefined, target: PoolTable): PoolCounters | undefined {
  if (status?.state !== 'readable') return undefined;
  return status.counters.dataBlocks * target.blockSectors <= status.lengthSectors
    ? status.counters
    : undefined;
}
