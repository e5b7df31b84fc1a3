import { collectors } from '../../../src/collectors/index.ts';
import type { Layout, LogicalVolume, VolumeGroup } from '../../../src/model/facts.ts';
import type { Host } from '../../../src/model/host.ts';
import type { ActivePool, Volume } from '../../../src/model/pool.ts';
import { hourMs, secondMs, sectorBytes } from '../../../src/model/units.ts';
import { planAutoextend } from '../../../src/thinpool/autoextend.ts';
import { lvmMinimums } from '../../../src/thinpool/lvm-minimum-free.ts';
import { dataSpace, metadataSpace } from '../../../src/thinpool/space.ts';
import { makeCollector, makeHost, makePool } from '../../support/makers.ts';

/** What uses the pools of a host. */
export const kinds = ['raw', 'lvm', 'docker'] as const;
export type Kind = (typeof kinds)[number];

/** One host of a fleet; its number decides how full its pools are and how fast they fill. */
export interface Place {
  readonly number: number;
  readonly kind: Kind;
  readonly pools: number;
  /** Of all pools together. */
  readonly volumes: number;
}

/** What the tools of each kind do not find. */
const absent: Readonly<Record<Kind, readonly string[]>> = {
  raw: ['lvm', 'lvmpolicy', 'dmeventd', 'docker', 'containers', 'guests', 'layers', 'filesystems', 'pagers'],
  lvm: ['docker', 'containers', 'guests', 'layers', 'filesystems', 'pagers'],
  docker: ['guests', 'layers', 'filesystems', 'pagers'],
};

const dataBlocks = 2 ** 24;
const metadataBlocks = 2 ** 19;
const blockSectors = 128;
const linear: Layout = { areas: 1, dataAreas: 1 };
const layouts = { data: linear, metadata: linear };
const policy = { thresholdPercent: 80, stepPercent: 20 };

/** The host at a moment, Unix ms. */
export function hostOf(place: Place, takenAt: number): Host {
  const { kind, number } = place;
  const pools = Array.from({ length: place.pools }, (_, at) => poolOf(place, at, takenAt));
  const volumes = pools.flatMap((pool) => pool.volumes);
  const logicalVolumes = kind === 'raw' ? [] : pools.flatMap(logicalVolumesOf);
  return makeHost({
    takenAt,
    discovered: true,
    pools,
    volumeGroups: pools.flatMap(({ volumeGroup }) => volumeGroup ?? []),
    logicalVolumes,
    dockerInfos:
      kind === 'docker'
        ? [{ kind: 'docker', driver: 'overlay2', version: '24.0.7', poolUnreadable: false, loopback: false }]
        : [],
    daemons: kind === 'raw' ? [] : [{ name: 'dmeventd', running: true, frozen: false }],
    deviceTraffic: volumes.map(({ name, device, mappedBytes = 0 }) => ({
      name,
      device,
      writtenBytes: 3 * mappedBytes,
      discardedBytes: mappedBytes,
    })),
    kernelSettings: [
      { name: 'no_space_timeout_seconds', value: 60 },
      { name: 'hung_task_detect_count', value: number % 3 },
    ],
    events: { seen: { low_water: 0, mode: 0, resize: number % 2 } },
    collectors: collectors.map(({ name }) =>
      makeCollector({
        name,
        status: absent[kind].includes(name) ? 'absent' : 'ok',
        lastSuccessAt: takenAt - 1000 * (number % 4),
        lastDurationMs: 3 + (number % 7),
      }),
    ),
  });
}

/** A share that a pool is full, from 30% to 90%; every seventh pool fills, every fiftieth of them is nearly full. */
function shareOf(number: number, at: number, takenAt: number): number {
  const seed = 2 * number + at;
  if (seed % 100 === 99) return 0.985;
  const base = 0.3 + 0.55 * ((seed * 0.618) % 1);
  const growing = seed % 7 === 0 ? ((takenAt / hourMs) % 24) / 24 : 0;
  return Math.min(0.97, base + 0.1 * growing);
}

function poolOf({ number, kind, pools, volumes }: Place, at: number, takenAt: number): ActivePool {
  const share = shareOf(number, at, takenAt);
  const vgName = `vg${at}`;
  const lvName = 'pool';
  const name = kind === 'raw' ? `pool${at}` : `${vgName}-${lvName}`;
  const each = Math.floor(volumes / pools);
  const device = `253:${at * (each + 3)}` as const;
  const counters = {
    transactionId: 42 + number,
    dataUsedBlocks: Math.floor(dataBlocks * share),
    dataBlocks,
    metadataUsedBlocks: Math.floor(metadataBlocks * share * 0.4),
    metadataBlocks,
    mode: 'rw',
    discard: 'discard_passdown',
    noSpace: 'queue',
    needsCheck: false,
    metadataLowWaterBlocks: 1024,
  } as const;
  const table = makePool().table;
  const data = dataSpace(counters, table, undefined);
  const metadata = metadataSpace(counters, undefined);
  const lengthSectors = data.sizeBytes / sectorBytes;
  const ofLvm = kind === 'raw' ? {} : { vgName, lvName };
  const volumesOf = Array.from({ length: each }, (_, index) =>
    volumeOf({ kind, vgName, number, share }, index, at * (each + 3) + index + 3),
  );
  const base = makePool({
    name,
    dmName: kind === 'raw' ? name : `${name}-tpool`,
    uuid: kind === 'raw' ? `pool-${number}-${at}` : `LVM-${number}-${at}-tpool`,
    device,
    owner: kind === 'raw' ? 'other' : 'lvm',
    ...ofLvm,
    lengthSectors,
    statusTakenAt: takenAt - (number % 5) * secondMs,
    counters,
    data,
    metadata,
    volumes: volumesOf,
    volumesTakenAt: takenAt,
    volumeCount: each,
    provisionedBytes: volumesOf.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    openCount: each,
    eventNumber: 1,
    stack: (['data', 'metadata'] as const).flatMap((resource) =>
      [1, 2].map((depth) => ({ resource, depth, device: `8:${16 * depth}` as const, name: `sd${depth}` })),
    ),
  });
  if (kind === 'raw') return base;
  const volumeGroup: VolumeGroup = {
    vgName,
    sizeBytes: 4 * data.sizeBytes,
    freeBytes: 2 * data.sizeBytes,
    extentBytes: 4 * 1024 ** 2,
    pvCount: 1,
    missingPvCount: 0,
    pvNames: ['/dev/sdb'],
  };
  const lvm: LogicalVolume = {
    vgName,
    lvName,
    role: 'pool',
    sizeBytes: data.sizeBytes,
    metadataSizeBytes: metadata.sizeBytes,
    thinCount: each,
    transactionId: counters.transactionId,
    monitored: true,
    checkNeeded: false,
    active: true,
  };
  const autoextend = planAutoextend({ lengthSectors, counters, lvm, layouts, volumeGroup }, policy);
  const parts = { owner: base.owner, volumes: volumesOf, data, metadata, lvm, autoextend };
  return { ...base, ...parts, layouts, volumeGroup, minimumFrees: lvmMinimums(parts) };
}

interface Of {
  readonly kind: Kind;
  readonly vgName: string;
  readonly number: number;
  readonly share: number;
}

function volumeOf({ kind, vgName, number, share }: Of, index: number, minor: number): Volume {
  const lvName = `vm-${100 + index}-disk-0`;
  const sizeBytes = 64 * 1024 ** 3;
  return {
    name: kind === 'raw' ? `thin${vgName.slice(2)}-${index}` : `${vgName}-${lvName.replaceAll('-', '--')}`,
    device: `253:${minor}`,
    deviceId: index + 1,
    suspended: false,
    sizeBytes,
    state: 'readable',
    mappedBytes:
      Math.floor((sizeBytes * share * (1 + ((number + index) % 5))) / (5 * 128 * sectorBytes)) *
      blockSectors *
      sectorBytes,
    ...(kind !== 'raw' && {
      lvName,
      knownAs: { kind: 'lvm', name: `${vgName}/${lvName}` } as const,
      use: {
        owner: 'proxmox',
        consumer: 'guest',
        role: 'disk',
        id: String(100 + index),
        name: `guest-${index}`,
      } as const,
    }),
  };
}

function logicalVolumesOf({ vgName = '', lvName = '', lvm, volumes }: ActivePool): LogicalVolume[] {
  return [
    ...(lvm === undefined ? [] : [lvm]),
    ...volumes.map(
      (volume): LogicalVolume => ({
        vgName,
        lvName: volume.lvName ?? '',
        role: 'volume',
        poolLv: lvName,
        active: true,
        createdAt: hourMs,
      }),
    ),
  ];
}
