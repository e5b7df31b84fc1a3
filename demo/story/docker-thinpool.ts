import {
  blocksOfExtents,
  type DemoGroup,
  type DemoPool,
  mapSectors,
  metadataReserve,
  shareBlocks,
} from '../host.ts';
import { eventsOf, type Moments, momentsOf, stateAt } from './moments.ts';
import { countPast, ramp, type Telling } from './time.ts';

// The recipe of many articles: 95%VG for data, 1%VG for metadata, and a profile of 80/20. Autoextend is configured and
// monitored, but cannot succeed: it needs 19% of the VG, and 3% is left.
const disk = { name: '/dev/sdb', device: '8:16', extents: 25_599 };
const addedDisk = { name: '/dev/sdc', device: '8:32', extents: 25_599 };
const dataExtents = 24_319;
const metadataExtents = 255;
const blockSectors = 1024;
const metadataTotal = 65_280;

const addedExtents = Math.ceil(dataExtents / 4);

/** Fills up and queues writes, fails them if no one comes in time, and is extended by hand. */
export function dockerPool(second: number, telling: Telling): DemoPool {
  const moments = momentsOf[telling];
  const isExtended = second >= moments.extended;
  const extents = isExtended ? dataExtents + addedExtents : dataExtents;
  const usedBlocks = usedAt(second, moments);
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
    ...stateAt(second, moments),
    events: countPast(second, eventsOf(moments)),
    volumes: volumesOf(usedBlocks),
    lvm: {
      vg: 'docker',
      lv: 'thinpool',
      data: [
        { pv: disk, from: 0, extents: dataExtents },
        ...(isExtended ? [{ pv: addedDisk, from: 0, extents: addedExtents }] : []),
      ],
      metadata: [{ pv: disk, from: dataExtents, extents: metadataExtents }],
      profile: 'docker-thinpool',
      zeroing: false,
    },
  };
}

function usedAt(second: number, { filling, extended, pruned }: Moments): number {
  const total = blocksOfExtents(dataExtents, blockSectors);
  const share = second < extended ? ramp(second, filling, [0.6, 1]) : ramp(second, pruned, [1, 0.6]);
  return Math.floor(share * total);
}

/** Docker names them after the inode of its folder and the ID of a layer. LVM does not know them. */
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
    share: 0.65,
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
  const blocks = shareBlocks(
    usedBlocks,
    containers.map(({ share }) => share),
  );
  return containers.map(({ layer, id, name, image }, index) => ({
    minor: 3 + index,
    dmName: `docker-8:1-1315-${layer}`,
    deviceId: 10 + index,
    sectors: baseSectors,
    mappedSectors: mapSectors(blocks[index] ?? 0, blockSectors, baseSectors),
    container: { id, name, image },
  }));
}

export function dockerGroup(second: number, telling: Telling): DemoGroup {
  const isExtended = second >= momentsOf[telling].extended;
  const spare = { pv: disk, from: dataExtents + metadataExtents, extents: metadataExtents };
  return { name: 'docker', pvs: isExtended ? [disk, addedDisk] : [disk], spare: [spare] };
}
