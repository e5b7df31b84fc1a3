import {
  blocksOfExtents,
  type DemoGroup,
  type DemoPool,
  type DemoSegment,
  mapSectors,
  metadataReserve,
  shareBlocks,
} from '../host.ts';
import { countPast, ramp } from './time.ts';

const firstExtents = 25_600;
const blockSectors = 512;
const metadataExtents = 64;
const metadataTotal = 65_536;
const disk = { name: '/dev/sdd', device: '8:48', extents: 127_999 };

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
      data: dataOf(extents),
      metadata: [{ pv: disk, from: firstExtents, extents: metadataExtents }],
      profile: 'vms',
      zeroing: true,
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

/** What was added lies after the metadata and its spare. */
function dataOf(extents: number): readonly DemoSegment[] {
  const first = { pv: disk, from: 0, extents: firstExtents };
  const added = extents - firstExtents;
  return added === 0
    ? [first]
    : [first, { pv: disk, from: firstExtents + 2 * metadataExtents, extents: added }];
}

const machines = [
  { name: 'web', gibibytes: 60, share: 0.3 },
  { name: 'db', gibibytes: 80, share: 0.55 },
  { name: 'mail', gibibytes: 40, share: 0.15 },
] as const;

function volumesOf(usedBlocks: number): DemoPool['volumes'] {
  const blocks = shareBlocks(
    usedBlocks,
    machines.map(({ share }) => share),
  );
  return machines.map(({ name, gibibytes }, index) => {
    const sectors = gibibytes * (1 << 21);
    const mappedSectors = mapSectors(blocks[index] ?? 0, blockSectors, sectors);
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

export function vmsGroup(): DemoGroup {
  const spare = { pv: disk, from: firstExtents + metadataExtents, extents: metadataExtents };
  return { name: 'vg0', pvs: [disk], spare: [spare] };
}
