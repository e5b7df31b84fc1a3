import type { CollectorState } from '../../src/model/collector-state.ts';
import type { DeviceNumber, Facts } from '../../src/model/facts.ts';
import type { Host, Snapshot } from '../../src/model/host.ts';
import type { ActivePool, CountedSpace, Volume } from '../../src/model/pool.ts';

/** Facts of which only some kinds are there. */
export function makeFacts(parts: Partial<Facts> = {}): Facts {
  return {
    devices: [],
    dependencies: [],
    tables: [],
    poolStatuses: [],
    volumeStatuses: [],
    layers: [],
    logicalVolumes: [],
    volumeGroups: [],
    extendPolicies: [],
    repairSettings: [],
    repairTools: [],
    dockerInfos: [],
    runningContainers: [],
    deviceUsers: [],
    nameRecords: [],
    guestStates: [],
    pagerProcesses: [],
    pagers: [],
    neighbours: [],
    guestInterfaces: [],
    daemons: [],
    blockDevices: [],
    fileSystems: [],
    backingFiles: [],
    retryPolicies: [],
    deviceTraffic: [],
    volumeMounts: [],
    volumeUsages: [],
    kernelSettings: [],
    kernelEvents: [],
    unreadable: [],
    ...parts,
  };
}

/** Hosts for tests of what is rendered from them. Only what a test is about is given. */
export function makeHost(parts: Partial<Host> = {}): Host {
  return {
    takenAt: 1_000_000,
    discovered: true,
    pools: [],
    missingPools: [],
    volumeGroups: [],
    logicalVolumes: [],
    extendPolicies: [],
    repairSettings: [],
    repairTools: [],
    dockerInfos: [],
    runningContainers: [],
    nameRecords: [],
    guestStates: [],
    pagerProcesses: [],
    pagers: [],
    neighbours: [],
    guestInterfaces: [],
    daemons: [],
    blockDevices: [],
    deviceTraffic: [],
    volumeMounts: [],
    volumeUsages: [],
    kernelSettings: [],
    kernelEvents: [],
    unreadable: [],
    unassignedEvents: [],
    collectors: [],
    coverage: [],
    ...parts,
  };
}

/** A healthy empty host, with the given parts instead. */
export function makeSnapshot(parts: Partial<Snapshot> = {}): Snapshot {
  return { host: makeHost(), findings: [], pending: [], trends: [], version: 1, ...parts };
}

/** A healthy LVM pool that Docker uses, the sample of a 200 GiB pool. */
export function makePool(parts: Partial<ActivePool> = {}): ActivePool {
  return {
    name: 'docker-thinpool',
    dmName: 'docker-thinpool',
    presence: 'active',
    sightings: [],
    readAt: {},
    device: '253:2',
    owner: 'lvm',
    suspended: false,
    table: {
      kind: 'pool',
      metadataDevice: '253:0',
      dataDevice: '253:1',
      blockSectors: 128,
      lowWaterBlocks: 32_768,
      features: [],
    },
    lengthSectors: 419_430_400,
    state: 'readable',
    statusTakenAt: 997_000,
    counters: {
      transactionId: 65_465,
      metadataUsedBlocks: 11_492,
      metadataBlocks: 4_161_600,
      dataUsedBlocks: 581_965,
      dataBlocks: 3_276_800,
      mode: 'rw',
      noSpace: 'queue',
      needsCheck: false,
    },
    data: makeSpace(581_965, 3_276_800, 65_536),
    metadata: makeSpace(11_492, 4_161_600, 4096),
    minimumFrees: [],
    volumes: [],
    volumeCount: 12,
    inactiveVolumeCount: 0,
    provisionedBytes: 0,
    stack: [],
    backing: [],
    retryPolicies: [],
    kernelEvents: [],
    extensions: { data: 0, metadata: 0 },
    ...parts,
  };
}

export function makeVolume(device: DeviceNumber): Volume {
  return { name: `volume-${device}`, device, suspended: false, sizeBytes: 1024 ** 3 };
}

export function makeSpace(usedBlocks: number, blocks: number, blockBytes: number): CountedSpace {
  const freeBytes = (blocks - usedBlocks) * blockBytes;
  return {
    origin: 'kernel',
    blocks,
    usedBlocks,
    blockBytes,
    sizeBytes: blocks * blockBytes,
    usedBytes: usedBlocks * blockBytes,
    freeBytes,
    availableBytes: freeBytes,
  };
}

/** The same pool without a status. */
export function makeUnknownPool(parts: Partial<ActivePool> = {}): ActivePool {
  const { state, statusTakenAt, counters, data, metadata, ...rest } = makePool(parts);
  return rest;
}

export function makeCollector(parts: Partial<CollectorState> = {}): CollectorState {
  return {
    name: 'pools',
    mode: 'auto',
    discovers: false,
    status: 'ok',
    intervalMs: 5000,
    maxAgeMs: 20_000,
    queries: [],
    lastSuccessAt: 997_000,
    finishedQueries: 1,
    failures: {
      'not-installed': 0,
      'permission-denied': 0,
      'timed-out': 0,
      exited: 0,
      'output-too-large': 0,
      unparseable: 0,
      unavailable: 0,
    },
    ...parts,
  };
}
