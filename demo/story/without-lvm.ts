import { type DemoLoopFile, type DemoPool, mapSectors, metadataReserve } from '../host.ts';
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
    volumes: [
      {
        minor: 31,
        dmName: 'docker-8:1-9043971-5f0e2c9d7b6a4e8193d2c7f0ab5e6148d39c07b2e4f1a685c9d0e37b8f142a6c',
        deviceId: 57,
        sectors,
        mappedSectors: mapSectors(usedBlocks / 8, blockSectors, sectors),
      },
    ],
  };
}

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
