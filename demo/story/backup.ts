import {
  blocksOfExtents,
  type DemoGroup,
  type DemoPool,
  type DemoSegment,
  type DemoVolume,
  extentsIn,
  mapSectors,
  metadataBlocksOfExtents,
  metadataReserve,
} from '../host.ts';
import { countPast, ramp } from './time.ts';

const dataExtents = 12_800;
const blockSectors = 128;
const firstMetadataExtents = 16;
const disk = { name: '/dev/sde', device: '8:64', extents: 15_359 };

/** Metadata is full; then someone runs lvextend --poolmetadatasize, which works online since Linux 4.19. */
export const backupMoments = { full: 130, extended: 150 } as const;

/** From this second on, snapshots are created at a fixed interval until the metadata is full. */
const snapshotsFrom = 70;
const snapshotSeconds = 6;

/** Has much free data space, but every snapshot costs metadata: metadata runs out first, and the pool goes read-only. */
export function backupPool(second: number): DemoPool {
  const metadata = metadataAt(second);
  const metadataTotal = metadataBlocksOfExtents(extentsIn(metadata));
  const snapshots = snapshotsAt(second);
  const totalBlocks = blocksOfExtents(dataExtents, blockSectors);
  const usedBlocks = Math.floor(ramp(second, [0, backupMoments.full], [0.3, 0.45]) * totalBlocks);
  const isFull = second >= backupMoments.full && second < backupMoments.extended;
  return {
    dmName: 'data-backup-tpool',
    minor: 22,
    metadataDevice: '254:20',
    dataDevice: '254:21',
    blockSectors,
    lowWaterBlocks: 0,
    features: [],
    usedBlocks,
    totalBlocks,
    metadataUsed: metadataUsedAt(second, metadataTotal),
    metadataTotal,
    transactionId: 40 + snapshots,
    mode: isFull ? 'ro' : 'rw',
    noSpace: 'queue',
    events: countPast(second, [backupMoments.full, backupMoments.extended]),
    volumes: volumesOf(usedBlocks, snapshots),
    lvm: {
      vg: 'data',
      lv: 'backup',
      data: [{ pv: disk, from: 0, extents: dataExtents }],
      metadata,
      profile: '',
      zeroing: true,
      wrapperMinor: 23,
    },
  };
}

/** The extension comes after the spare of the VG, which grows by as much. */
function metadataAt(second: number): readonly DemoSegment[] {
  const first = { pv: disk, from: dataExtents, extents: firstMetadataExtents };
  return second < backupMoments.extended
    ? [first]
    : [first, { ...first, from: dataExtents + 2 * firstMetadataExtents }];
}

function metadataUsedAt(second: number, total: number): number {
  const first = metadataBlocksOfExtents(firstMetadataExtents);
  const spent = ramp(
    second,
    [snapshotsFrom, backupMoments.full],
    [0.45 * first, first - metadataReserve(first)],
  );
  return Math.min(total, Math.floor(spent) + metadataReserve(total));
}

function snapshotsAt(second: number): number {
  const seconds = Math.min(second, backupMoments.full) - snapshotsFrom;
  return 1 + Math.floor(Math.max(0, seconds) / snapshotSeconds);
}

const nightlySectors = 40 * (1 << 21);

/** By default, LVM does not activate snapshots, so they have no device. */
function volumesOf(usedBlocks: number, snapshots: number): readonly DemoVolume[] {
  const mappedSectors = mapSectors(usedBlocks, blockSectors, nightlySectors);
  const nightly = {
    dmName: 'data-nightly',
    deviceId: 1,
    sectors: nightlySectors,
    mappedSectors,
    lv: 'nightly',
  };
  const days = Array.from({ length: snapshots }, (_, index) => ({
    ...nightly,
    dmName: `data-nightly--${index + 1}`,
    deviceId: index + 2,
    lv: `nightly-${index + 1}`,
    origin: 'nightly',
  }));
  return [{ ...nightly, minor: 24 }, ...days];
}

export function backupGroup(second: number): DemoGroup {
  const spare = { pv: disk, from: dataExtents + firstMetadataExtents, extents: firstMetadataExtents };
  const isExtended = second >= backupMoments.extended;
  return {
    name: 'data',
    pvs: [disk],
    spare: isExtended ? [spare, { ...spare, from: dataExtents + 3 * firstMetadataExtents }] : [spare],
  };
}
