import type { CollectorState } from '../../src/model/collector-state.ts';
import type { Layout, LogicalVolume, PoolCounters, PoolTable, VolumeGroup } from '../../src/model/facts.ts';
import type { Host } from '../../src/model/host.ts';
import type { MinimumFree, Pool, Resource } from '../../src/model/pool.ts';
import { resources } from '../../src/model/pool.ts';
import { metadataBlockBytes, secondMs, sectorBytes } from '../../src/model/units.ts';
import { planAutoextend } from '../../src/thinpool/autoextend.ts';
import { lvmMinimums } from '../../src/thinpool/lvm-minimum-free.ts';
import { dataSpace, metadataSpace } from '../../src/thinpool/space.ts';
import { makeCollector, makeHost } from '../support/makers.ts';
import type { History } from './history.ts';
import type { Course } from './pool.ts';

const vgName = 'vg';
const lvName = 'pool';
const table: PoolTable = {
  kind: 'pool',
  metadataDevice: '253:0',
  dataDevice: '253:1',
  blockSectors: 128,
  lowWaterBlocks: 0,
  features: [],
};
const dataBlockBytes = table.blockSectors * sectorBytes;
const extentBytes = 4 * 1024 ** 2;
const volumeCount = 12;
const linear: Layout = { areas: 1, dataAreas: 1 };
const layouts = { data: linear, metadata: linear };
/** What LVM does where nothing is configured. */
const noPolicy = { thresholdPercent: 100, stepPercent: 20 };
/** The kernel's default. Seconds. */
const noSpaceTimeout = 60;
/** Polling interval of the collector lvm. Seconds. */
const lvmEvery = 60;

/** The step of a course that a poll at this time sees. */
export function indexAt({ step, vgFree }: Course, at: number): number {
  return Math.min(vgFree.length - 1, Math.max(0, Math.floor(at / step) - 1));
}

/** The host as the exporter sees it in a poll at this time. It counts extensions since its own start. */
export function hostAt(history: History, at: number, startedAt: number): Host {
  const { course, tier } = history;
  const pool = poolAt(history, at, startedAt);
  const now = at * secondMs;
  return makeHost({
    takenAt: now,
    pools: [pool],
    volumeGroups: pool.volumeGroup === undefined ? [] : [pool.volumeGroup],
    logicalVolumes: pool.lvm === undefined ? [] : [pool.lvm],
    daemons: [{ name: 'dmeventd', running: true, frozen: false }],
    collectors: [
      collectorOf('pools', Math.max(tier.poll, course.step), now),
      collectorOf('lvm', lvmEvery, now),
    ],
  });
}

function collectorOf(name: string, interval: number, now: number): CollectorState {
  const intervalMs = interval * secondMs;
  return makeCollector({ name, intervalMs, maxAgeMs: 4 * intervalMs, lastSuccessAt: now });
}

function poolAt({ course, policy }: History, at: number, startedAt: number): Pool {
  const counters = countersAt(course, at);
  const data = dataSpace(counters, table, undefined);
  const metadata = metadataSpace(counters, undefined);
  const volumeGroup = policy === undefined ? undefined : groupAt(course, at);
  const lengthSectors = data.sizeBytes / sectorBytes;
  const minimumFrees = minimumFreesAt(course, at);
  const lvm: LogicalVolume = {
    vgName,
    lvName,
    role: 'pool',
    sizeBytes: data.sizeBytes,
    metadataSizeBytes: metadata.sizeBytes,
    // LVM counts a volume only if it made it: Docker makes its own.
    thinCount: minimumFrees.length > 0 ? 0 : volumeCount,
    monitored: true,
  };
  const growing = { lengthSectors, counters, lvm, layouts, ...(volumeGroup && { volumeGroup }) };
  const autoextend = planAutoextend(growing, policy ?? noPolicy);
  const parts = { owner: 'lvm', volumes: [], data, metadata, lvm, autoextend } as const;
  return {
    name: `${vgName}-${lvName}`,
    dmName: `${vgName}-${lvName}-tpool`,
    uuid: 'LVM-x-tpool',
    presence: 'active',
    sightings: [],
    readAt: {},
    device: '253:2',
    vgName,
    lvName,
    suspended: false,
    table,
    state: 'readable',
    statusTakenAt: at * secondMs,
    minimumFrees: [...minimumFrees, ...lvmMinimums(parts)],
    volumeCount,
    inactiveVolumeCount: 0,
    provisionedBytes: 2 * data.sizeBytes,
    stack: [],
    backing: [],
    retryPolicies: [],
    kernelEvents: [],
    extensions: {
      data: extensionsIn(course, 'data', startedAt, at),
      metadata: extensionsIn(course, 'metadata', startedAt, at),
    },
    ...parts,
    ...growing,
  };
}

function minimumFreesAt(course: Course, at: number): readonly MinimumFree[] {
  const index = indexAt(course, at);
  return resources.flatMap((resource): MinimumFree[] => {
    const bytes = course.tracks[resource].minimumFree?.[index];
    const origin = resource === 'data' ? 'docker' : 'derived';
    return bytes === undefined ? [] : [{ resource, origin, bytes }];
  });
}

function countersAt(course: Course, at: number): PoolCounters {
  const index = indexAt(course, at);
  const { data, metadata } = course.tracks;
  const isFull = (resource: Resource, step: number): boolean =>
    course.tracks[resource].used[step]! >= course.tracks[resource].size[step]!;
  const isDataFull = isFull('data', index);
  const before = index - Math.round(noSpaceTimeout / course.step);
  const isTimedOut = isDataFull && before >= 0 && isFull('data', before);
  return {
    transactionId: 1,
    dataUsedBlocks: Math.floor(data.used[index]! / dataBlockBytes),
    dataBlocks: Math.floor(data.size[index]! / dataBlockBytes),
    metadataUsedBlocks: Math.floor(metadata.used[index]! / metadataBlockBytes),
    metadataBlocks: Math.floor(metadata.size[index]! / metadataBlockBytes),
    mode:
      course.mode?.[index] ?? (isFull('metadata', index) ? 'ro' : isDataFull ? 'out_of_data_space' : 'rw'),
    discard: 'discard_passdown',
    noSpace: isTimedOut ? 'error' : 'queue',
    needsCheck: false,
  };
}

/** The exporter reads LVM less often than the pool. */
function groupAt({ vgFree, step, tracks }: Course, at: number): VolumeGroup {
  const readAt = Math.floor(at / lvmEvery) * lvmEvery;
  const index = Math.min(vgFree.length - 1, Math.max(0, Math.floor(readAt / step) - 1));
  const freeBytes = Math.floor(vgFree[index]! / extentBytes) * extentBytes;
  const { data, metadata } = tracks;
  return {
    vgName,
    sizeBytes: freeBytes + data.size[index]! + 2 * metadata.size[index]!,
    freeBytes,
    extentBytes,
    pvCount: 1,
    missingPvCount: 0,
    pvNames: ['/dev/sdb'],
  };
}

function extensionsIn({ extended }: Course, resource: Resource, from: number, to: number): number {
  return extended[resource].filter((at) => at > from && at <= to).length;
}
