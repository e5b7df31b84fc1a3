import { blocksOfExtents, type DemoGroup, type DemoPool, mapSectors, metadataReserve } from '../host.ts';
import { countPast, ramp } from './time.ts';

const firstExtents = 25_600;
const blockSectors = 512;
const metadataExtents = 64;
const metadataTotal = 65_536;
const diskExtents = 127_999;

/** dmeventd checks every 10 s, so each extension comes a little after usage passes 80%. */
export const extensionMoments = [48, 117] as const;

/** Grows, and LVM extends it twice in time: the healthy case. */
export function vmsPool(second: number): DemoPool {
  const extents = extentsAt(second);
  const usedBlocks = Math.floor(
    ramp(second, [0, 180], [0.7, 1.12]) * blocksOfExtents(firstExtents, blockSectors),
  );
  const totalBlocks = blocksOfExtents(extents, blockSectors);
  return {
    dmName: 'vg0-vms-tpool',
    minor: 12,
    metadataDevice: '254:10',
    dataDevice: '254:11',
    blockSectors,
    lowWaterBlocks: Math.floor(totalBlocks / 5),
    features: [],
    usedBlocks,
    totalBlocks,
    metadataUsed: metadataReserve(metadataTotal) + 1500 + Math.floor(usedBlocks / 40),
    metadataTotal,
    transactionId: 3,
    mode: 'rw',
    noSpace: 'queue',
    events: countPast(second, extensionMoments),
    volumes: volumesOf(usedBlocks),
    lvm: {
      vg: 'vg0',
      lv: 'vms',
      dataExtents: extents,
      metadataExtents,
      profile: 'vms',
      zeroing: true,
      pvDevice: '8:48',
      wrapperMinor: 13,
    },
  };
}

function extentsAt(second: number): number {
  let extents = firstExtents;
  for (let step = countPast(second, extensionMoments); step > 0; step -= 1)
    extents = Math.ceil(extents * 1.2);
  return extents;
}

const machines = [
  { name: 'web', gibibytes: 60, share: 0.3 },
  { name: 'db', gibibytes: 80, share: 0.55 },
  { name: 'mail', gibibytes: 40, share: 0.15 },
] as const;

function volumesOf(usedBlocks: number): DemoPool['volumes'] {
  return machines.map(({ name, gibibytes, share }, index) => {
    const sectors = gibibytes * (1 << 21);
    const mappedSectors = mapSectors(usedBlocks * share, blockSectors, sectors);
    return {
      minor: 14 + index,
      dmName: `vg0-${name}`,
      deviceId: index + 1,
      sectors,
      mappedSectors,
      lv: name,
    };
  });
}

export function vmsGroup(second: number): DemoGroup {
  return {
    name: 'vg0',
    pvs: ['/dev/sdd'],
    extents: diskExtents,
    spareExtents: metadataExtents,
    freeExtents: diskExtents - extentsAt(second) - 2 * metadataExtents,
  };
}
