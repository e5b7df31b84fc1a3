import type { Host } from '../../src/model/host.ts';
import type { ActivePool } from '../../src/model/pool.ts';
import { makeHost } from './makers.ts';

export const emptyHost: Host = makeHost({ takenAt: 0 });

/** An LVM pool of 242 extents of 4 MiB, 86 % used, as the recipe of 95 %VG + 1 %VG makes it in a VG of 1 GiB. */
export const recipePool: ActivePool = {
  name: 'docker-thinpool',
  dmName: 'docker-thinpool',
  presence: 'active',
  sightings: [],
  readAt: {},
  device: '253:2',
  owner: 'lvm',
  vgName: 'docker',
  lvName: 'thinpool',
  suspended: false,
  table: {
    kind: 'pool',
    metadataDevice: '253:0',
    dataDevice: '253:1',
    blockSectors: 1024,
    lowWaterBlocks: 0,
    features: [],
  },
  lengthSectors: (242 * 4 * 1024 ** 2) / 512,
  state: 'readable',
  counters: {
    transactionId: 0,
    metadataUsedBlocks: 220,
    metadataBlocks: 2048,
    dataUsedBlocks: 1664,
    dataBlocks: 1936,
    mode: 'rw',
    noSpace: 'queue',
    needsCheck: false,
    metadataLowWaterBlocks: 512,
  },
  minimumFrees: [],
  volumes: [],
  volumeCount: 0,
  inactiveVolumeCount: 0,
  provisionedBytes: 0,
  volumeGroup: {
    vgName: 'docker',
    sizeBytes: 255 * 4 * 1024 ** 2,
    freeBytes: 9 * 4 * 1024 ** 2,
    extentBytes: 4 * 1024 ** 2,
    pvNames: ['/dev/sdb'],
  },
  layouts: { data: { areas: 1, dataAreas: 1 }, metadata: { areas: 1, dataAreas: 1 } },
  stack: [],
  backing: [],
  retryPolicies: [],
  kernelEvents: [],
  extensions: { data: 0, metadata: 0 },
};
