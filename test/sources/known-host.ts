import type { BlockDevice, Consumer, DeviceNumber } from '../../src/model/facts.ts';
import type { Host, Pool, Volume } from '../../src/model/host.ts';

/** Shared as a value, so that a further choice needs to be named here only. */
export const choices = { segMonitor: 'auto', maxVolumes: 100 } as const;

/** A host of which nothing is known but what is given. */
export function knownHost(known: Partial<Host> = {}): Host {
  return {
    takenAt: 0,
    discovered: true,
    pools: [],
    missingPools: [],
    volumeGroups: [],
    logicalVolumes: [],
    extendPolicies: [],
    consumers: [],
    daemons: [],
    blockDevices: [],
    kernelSettings: [],
    kernelEvents: [],
    sources: [],
    ...known,
  };
}

/** A pool 253:2 on 253:1 with its metadata on 253:0. */
export function knownPool(known: Partial<Pool> = {}): Pool {
  return {
    name: 'vg-pool',
    dmName: 'vg-pool-tpool',
    device: '253:2',
    owner: 'lvm',
    suspended: false,
    table: {
      kind: 'pool',
      metadataDevice: '253:0',
      dataDevice: '253:1',
      blockSectors: 128,
      lowWaterBlocks: 0,
      features: [],
    },
    lengthSectors: 2048,
    floors: [],
    volumes: [],
    volumeCount: 0,
    provisionedBytes: 0,
    stack: [],
    backing: [],
    retryPolicies: [],
    kernelEvents: [],
    ...known,
  };
}

export function knownVolume(device: DeviceNumber): Volume {
  return { name: `volume-${device}`, device, suspended: false, sizeBytes: 1 };
}

export function loopDevice(device: DeviceNumber, backingFile: string): BlockDevice {
  return { device, name: `loop${device}`, slaves: [], backingFile };
}

export function dockerWith(files: Pick<Consumer, 'dataLoopFile' | 'metadataLoopFile'>): Consumer {
  return { kind: 'docker', driver: 'devicemapper', poolUnreadable: false, loopback: true, ...files };
}
