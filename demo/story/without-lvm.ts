import { type DemoLoopFile, type DemoPool, mapSectors, metadataReserve, shareBlocks } from '../host.ts';
import { cycleSeconds, ramp } from './time.ts';

const blockSectors = 128;

/** Left over from an earlier Docker: a pool of 100 GiB in sparse files, on a disk with less free space. */
export function loopPool(second: number): DemoPool {
  const usedBlocks = loopBlocks(second);
  const sectors = 20_971_520;
  return {
    dmName: 'docker-8:1-9043971-pool',
    minor: 30,
    metadataDevice: '7:1',
    dataDevice: '7:0',
    blockSectors,
    lowWaterBlocks: 32_768,
    features: ['skip_block_zeroing'],
    usedBlocks,
    totalBlocks: 1_638_400,
    metadataUsed: metadataReserve(524_288) + 900 + Math.floor(usedBlocks / 300),
    metadataTotal: 524_288,
    transactionId: 57,
    mode: 'rw',
    noSpace: 'queue',
    events: 0,
    volumes: shareBlocks(
      usedBlocks,
      layers.map(() => 1 / layers.length),
    ).map((blocks, index) => ({
      minor: 31 + index,
      dmName: `docker-8:1-9043971-${layers[index]}`,
      deviceId: 57 - index,
      sectors,
      mappedSectors: mapSectors(blocks, blockSectors, sectors),
    })),
  };
}

/** Containers of that Docker, which were never removed. */
const layers = [
  '5f0e2c9d7b6a4e8193d2c7f0ab5e6148d39c07b2e4f1a685c9d0e37b8f142a6c',
  '8b7d1f03a6c25e94d80b3f7a1c9e6425f0d8a7b31e5c942607fb8da30c6e19d4',
  'c41a9e6f5d0837b2e96c1f84a05d7b3be2f9064d81c7a53f90b6e2d7481fa5c3',
  '1d6f82c0b49e7a35f8c2d19064be7f3ad05c8e6b92f1743da8e0b57c46219fd8',
  'e93b50d7f21a684c0f7e8b3d96a1c254b8d0f63e17a94c82e5b06fd3917ac4e0',
];

function loopBlocks(second: number): number {
  return Math.floor(1_638_400 * ramp(second, [0, 170], [0.35, 0.45]));
}

/** Sparse: what the pool uses is allocated, and used on the disk under them. */
export function loopFiles(second: number): readonly DemoLoopFile[] {
  const folder = '/var/lib/docker.old/devicemapper/devicemapper';
  const freeBlocks = 5_500_000 - (loopBlocks(second) - loopBlocks(0)) * 16;
  const on = { blocks: 19_660_800, freeBlocks, type: 'ext2/ext3' };
  const { usedBlocks, totalBlocks, metadataUsed, metadataTotal } = loopPool(second);
  const dataBlockBytes = blockSectors * 512;
  return [
    {
      file: `${folder}/data`,
      sizeBytes: totalBlocks * dataBlockBytes,
      allocatedBytes: usedBlocks * dataBlockBytes,
      on,
    },
    {
      file: `${folder}/metadata`,
      sizeBytes: metadataTotal * 4096,
      allocatedBytes: metadataUsed * 4096,
      on,
    },
  ];
}

/** Made by hand with dmsetup create, and healthy. */
export function scratchPool(second: number): DemoPool {
  const usedBlocks = Math.floor(81_920 * (0.3 + 0.05 * Math.sin((second / cycleSeconds) * 2 * Math.PI)));
  const sectors = 8 * (1 << 21);
  const mappedSectors = mapSectors(usedBlocks, blockSectors, sectors);
  return {
    dmName: 'scratch-pool',
    minor: 40,
    metadataDevice: '8:81',
    dataDevice: '8:82',
    blockSectors,
    lowWaterBlocks: 4096,
    features: [],
    usedBlocks,
    totalBlocks: 81_920,
    metadataUsed: metadataReserve(8192) + 200 + Math.floor(usedBlocks / 100),
    metadataTotal: 8192,
    transactionId: 1,
    mode: 'rw',
    noSpace: 'queue',
    events: 0,
    volumes: [{ minor: 41, dmName: 'scratch', deviceId: 0, sectors, mappedSectors }],
  };
}
