import {
  blocksOfExtents,
  type DemoGroup,
  type DemoHost,
  type DemoPool,
  type DemoVolume,
  mapSectors,
  metadataBlocksOfExtents,
  metadataReserve,
  shareBlocks,
} from '../host.ts';
import { eventsOf, type Moments, momentsOf, stateAt } from './moments.ts';
import { countPast, ramp, tellingAt } from './time.ts';

// As the installer of Proxmox VE divides a disk of 240 GB: a quarter for root, 16 GiB left free, and the rest for the pool.
// Nothing extends the pool: LVM's default threshold is 100%.
const disk = { name: '/dev/sda3', device: '8:3', extents: 56_985 };
const addedDisk = { name: '/dev/sdb', device: '8:16', extents: 56_985 };
const swapExtents = 1792;
const rootExtents = 14_246;
const metadataExtents = 364;
const dataExtents = 36_123;
const addedExtents = Math.ceil(dataExtents / 4);
const dataFrom = swapExtents + rootExtents;
const blockSectors = 128;

/** What the pool uses before the backup, and after what the backup wrote is removed. */
const quietShare = 0.65;

/** Filled by a nightly backup into a guest's disk, and by a snapshot that keeps what another guest overwrites. */
export function proxmoxHostAt(seconds: number, second: number): DemoHost {
  const moments = momentsOf[tellingAt(seconds)];
  return {
    pools: [guestPool(second, moments)],
    groups: [group(second, moments)],
    loopFiles: [],
    guests: guests.map(({ id, name }) => ({ id, name })),
  };
}

function guestPool(second: number, moments: Moments): DemoPool {
  const isExtended = second >= moments.extended;
  const totalBlocks = blocksOfExtents(isExtended ? dataExtents + addedExtents : dataExtents, blockSectors);
  const usedBlocks = usedAt(second, moments);
  const metadataTotal = metadataBlocksOfExtents(metadataExtents);
  return {
    dmName: 'pve-data-tpool',
    minor: 4,
    metadataDevice: '254:2',
    dataDevice: '254:3',
    blockSectors,
    lowWaterBlocks: 0,
    features: [],
    usedBlocks,
    totalBlocks,
    metadataUsed: metadataReserve(metadataTotal) + 2000 + Math.floor(usedBlocks / 200),
    metadataTotal,
    transactionId: 12,
    ...stateAt(second, moments),
    events: countPast(second, eventsOf(moments).slice(1)),
    volumes: volumesOf(usedBlocks),
    lvm: {
      vg: 'pve',
      lv: 'data',
      data: [
        { pv: disk, from: dataFrom, extents: dataExtents },
        ...(isExtended ? [{ pv: addedDisk, from: 0, extents: addedExtents }] : []),
      ],
      metadata: [{ pv: disk, from: dataFrom + dataExtents, extents: metadataExtents }],
      profile: '',
      zeroing: true,
      wrapperMinor: 5,
    },
  };
}

function usedAt(second: number, { filling, extended, pruned }: Moments): number {
  const share =
    second < extended ? ramp(second, filling, [quietShare, 1]) : ramp(second, pruned, [1, quietShare]);
  return Math.floor(share * blocksOfExtents(dataExtents, blockSectors));
}

/** Shares of what is used before the backup, and of what it adds. */
const guests = [
  { id: 100, name: 'web-01', lv: 'vm-100-disk-0', gibibytes: 32, quiet: 0.2, added: 0 },
  { id: 101, name: 'db-01', lv: 'vm-101-disk-0', gibibytes: 64, quiet: 0.45, added: 0 },
  { id: 102, name: 'files', lv: 'vm-102-disk-0', gibibytes: 100, quiet: 0.35, added: 0.6 },
] as const;
const snapshot = { lv: 'snap_vm-101-disk-0_nightly', origin: 'vm-101-disk-0', added: 0.4 } as const;

/** Proxmox does not activate snapshots, so no device shows what only the snapshot still holds. */
function volumesOf(usedBlocks: number): readonly DemoVolume[] {
  const quiet = Math.min(usedBlocks, Math.floor(quietShare * blocksOfExtents(dataExtents, blockSectors)));
  const first = shareBlocks(
    quiet,
    guests.map((guest) => guest.quiet),
  );
  const added = shareBlocks(
    usedBlocks - quiet,
    [...guests, snapshot].map((volume) => volume.added),
  );
  const active = guests.map(({ lv, gibibytes }, index): DemoVolume => {
    const sectors = gibibytes * (1 << 21);
    const blocks = (first[index] ?? 0) + (added[index] ?? 0);
    return {
      minor: 6 + index,
      dmName: dmNameOf(lv),
      deviceId: index + 1,
      sectors,
      mappedSectors: mapSectors(blocks, blockSectors, sectors),
      lv,
    };
  });
  return [
    ...active,
    {
      dmName: dmNameOf(snapshot.lv),
      deviceId: guests.length + 1,
      sectors: 64 * (1 << 21),
      mappedSectors: (first[1] ?? 0) * blockSectors,
      ownSectors: (added.at(-1) ?? 0) * blockSectors,
      lv: snapshot.lv,
      origin: snapshot.origin,
    },
  ];
}

function dmNameOf(lv: string): string {
  return `pve-${lv.replaceAll('-', '--')}`;
}

function group(second: number, { extended }: Moments): DemoGroup {
  return {
    name: 'pve',
    pvs: second >= extended ? [disk, addedDisk] : [disk],
    spare: [{ pv: disk, from: dataFrom + dataExtents + metadataExtents, extents: metadataExtents }],
    linear: [
      { lv: 'swap', minor: 0, segments: [{ pv: disk, from: 0, extents: swapExtents }] },
      { lv: 'root', minor: 1, segments: [{ pv: disk, from: swapExtents, extents: rootExtents }] },
    ],
  };
}
