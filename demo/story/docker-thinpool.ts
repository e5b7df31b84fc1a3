import { blocksOfExtents, type DemoGroup, type DemoPool, mapSectors, metadataReserve } from '../host.ts';
import { countPast, ramp } from './time.ts';

// The recipe of many articles: 95 %VG for data, 1 %VG for metadata, a profile of 80/20. Automatic extension is set
// up and monitored, and cannot succeed: it needs 19 % of the VG, and 3 % is left.
const diskExtents = 25_599;
const dataExtents = 24_319;
const metadataExtents = 255;
const blockSectors = 1024;
const metadataTotal = 65_280;

/** Seconds into the story at which things change. */
export const dockerMoments = {
  full: 60,
  queueing: 62,
  /** 60 s later: no_space_timeout of module dm_thin_pool. */
  failing: 122,
  /** Somebody adds a disk and runs lvextend by hand, then prunes images. */
  extended: 142,
} as const;

const moments = dockerMoments;
const addedExtents = Math.ceil(dataExtents / 4);

/** Fills up, makes writers wait, fails them, and is extended by hand. */
export function dockerPool(second: number): DemoPool {
  const extents = second < moments.extended ? dataExtents : dataExtents + addedExtents;
  const usedBlocks = usedAt(second);
  const isFull = second >= moments.queueing && second < moments.extended;
  return {
    dmName: 'docker-thinpool',
    minor: 2,
    metadataDevice: '254:0',
    dataDevice: '254:1',
    blockSectors,
    lowWaterBlocks: Math.floor(blocksOfExtents(extents, blockSectors) / 5),
    features: ['skip_block_zeroing'],
    usedBlocks,
    totalBlocks: blocksOfExtents(extents, blockSectors),
    metadataUsed: metadataReserve(metadataTotal) + 2000 + Math.floor(usedBlocks / 60),
    metadataTotal,
    transactionId: 0,
    mode: isFull ? 'out_of_data_space' : 'rw',
    noSpace: isFull && second >= moments.failing ? 'error' : 'queue',
    events: countPast(second, [30, moments.queueing, moments.failing, moments.extended]),
    volumes: volumesOf(usedBlocks),
    lvm: {
      vg: 'docker',
      lv: 'thinpool',
      dataExtents: extents,
      metadataExtents,
      profile: 'docker-thinpool',
      zeroing: false,
      pvDevice: '8:16',
    },
  };
}

function usedAt(second: number): number {
  const total = blocksOfExtents(dataExtents, blockSectors);
  const share =
    second < moments.extended
      ? ramp(second, [0, moments.full], [0.6, 1])
      : ramp(second, [150, 175], [1, 0.6]);
  return Math.floor(share * total);
}

/** Made by Docker, which names them after the inode of its folder and the id of a layer, and tells LVM nothing. */
const containers = [
  {
    layer: '3f1c9be2a75d40886d2be7c1550a9f34c8e6b1d07a2f4e93b5508c1d6e7fa204',
    id: '5d20c4f7a19be836d07f4a2c98e15b63f4dd0a7be2915c38604fa1d97be3c5a8',
    name: 'shop-web',
    image: 'nginx:1.19',
    share: 0.2,
  },
  {
    layer: '8a04d6e1f5b2c7390e4d8fb16a2c593d7e80f1b4c6a92d35e7108bcf4d9a6e51',
    id: 'a6f1738bd0c95e24719b3df0485ea6c27b18e9053cfd64a1920d7e5fb83c416d',
    name: 'ci-runner',
    image: 'registry.example.org/ci/runner:13.2',
    share: 0.62,
  },
  {
    layer: 'c2e7f90b4d158a63b0c94f7de2185a6b3c9d07e4f81a52c6d9b34e0f7a168c2d',
    id: '0e9b5a714cd2f8631d4eb07a95c3f1268ad04be7f5913c6028d9a4e7b1f05c3d',
    name: 'shop-db',
    image: 'postgres:12',
    share: 0.15,
  },
] as const;
const baseSectors = 100 * (1 << 21);

function volumesOf(usedBlocks: number): DemoPool['volumes'] {
  return containers.map(({ layer, id, name, image, share }, index) => ({
    minor: 3 + index,
    dmName: `docker-8:1-1315-${layer}`,
    deviceId: 10 + index,
    sectors: baseSectors,
    mappedSectors: mapSectors(usedBlocks * share, blockSectors, baseSectors),
    container: { id, name, image },
  }));
}

export function dockerGroup(second: number): DemoGroup {
  const isExtended = second >= moments.extended;
  const extents = isExtended ? 2 * diskExtents : diskExtents;
  const used = dataExtents + (isExtended ? addedExtents : 0) + 2 * metadataExtents;
  return {
    name: 'docker',
    pvs: isExtended ? ['/dev/sdb', '/dev/sdc'] : ['/dev/sdb'],
    extents,
    spareExtents: metadataExtents,
    freeExtents: extents - used,
  };
}
