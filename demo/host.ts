/** The simulated host at one moment, in the units of the tools that report it. */
export interface DemoHost {
  readonly pools: readonly DemoPool[];
  readonly groups: readonly DemoGroup[];
  /** For `docker info`: the device-mapper name of the pool, and the minimum free space in percent. Absent without Docker. */
  readonly docker?: { readonly pool: string; readonly minimumFreePercent: number };
  readonly loopFiles: readonly DemoLoopFile[];
  /** Guests of Proxmox VE that have volumes here, as their configurations name them. */
  readonly guests?: readonly { readonly id: number; readonly name: string }[];
}

export interface DemoPool {
  /** The name of the device with the thin-pool target. */
  readonly dmName: string;
  readonly minor: number;
  /** `major:minor`. The components of an LVM pool have the two minors before that of the pool. */
  readonly metadataDevice: string;
  readonly dataDevice: string;
  readonly blockSectors: number;
  readonly lowWaterBlocks: number;
  readonly features: readonly string[];
  readonly usedBlocks: number;
  readonly totalBlocks: number;
  /** In blocks of 4096 bytes, including the kernel's reserve, as Linux reports it since 4.19. */
  readonly metadataUsed: number;
  readonly metadataTotal: number;
  readonly transactionId: number;
  readonly mode: 'rw' | 'ro' | 'out_of_data_space';
  /** The current setting: after no_space_timeout, `queue` becomes `error`. */
  readonly noSpace: 'queue' | 'error';
  readonly events: number;
  readonly volumes: readonly DemoVolume[];
  readonly lvm?: DemoPoolLv;
}

/** The LVM part of a pool. Its components have the minor of the pool minus one (data) and minus two (metadata). */
export interface DemoPoolLv {
  readonly vg: string;
  readonly lv: string;
  readonly data: readonly DemoSegment[];
  readonly metadata: readonly DemoSegment[];
  readonly profile: string;
  readonly zeroing: boolean;
  /** Minor of the device with the public name of the LV. A pool with thin LVs has one. */
  readonly wrapperMinor?: number;
}

/** Consecutive extents of an LV, on one PV. */
export interface DemoSegment {
  readonly pv: DemoPv;
  readonly from: number;
  readonly extents: number;
}

export interface DemoPv {
  readonly name: string;
  /** `major:minor` */
  readonly device: string;
  readonly extents: number;
}

export interface DemoVolume {
  /** Absent: the volume is not active, and only LVM knows it. */
  readonly minor?: number;
  readonly dmName: string;
  readonly deviceId: number;
  readonly sectors: number;
  readonly mappedSectors: number;
  /** Of a volume that is not active: what no active volume maps. */
  readonly ownSectors?: number;
  readonly lv?: string;
  readonly origin?: string;
  readonly container?: DemoContainer;
}

/** The running container whose file system is on the volume. */
export interface DemoContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
}

export interface DemoGroup {
  readonly name: string;
  readonly pvs: readonly DemoPv[];
  /** As large as the largest metadata LV: lvconvert --repair needs it. */
  readonly spare: readonly DemoSegment[];
  /** LVs that are neither pools nor in one. */
  readonly linear?: readonly DemoLinear[];
}

export interface DemoLinear {
  readonly lv: string;
  readonly minor: number;
  readonly segments: readonly DemoSegment[];
}

/** A sparse file under a loop device. */
export interface DemoLoopFile {
  readonly file: string;
  readonly sizeBytes: number;
  readonly allocatedBytes: number;
  readonly on: DemoFileSystem;
}

/** In blocks of 4096 bytes. */
interface DemoFileSystem {
  readonly blocks: number;
  readonly freeBlocks: number;
  readonly type: string;
}

/** LVM's default extent: 4 MiB. */
export const extentBytes = 4 << 20;
const sectorBytes = 512;
const metadataBlockBytes = 4096;

export function extentsIn(segments: readonly { readonly extents: number }[]): number {
  return segments.reduce((sum, { extents }) => sum + extents, 0);
}

/** The extents of a PV that no LV uses. */
export function freeExtents(
  { pools }: Pick<DemoHost, 'pools'>,
  { name, spare, linear = [] }: DemoGroup,
  pv: DemoPv,
): number {
  const used = pools
    .flatMap(({ lvm }) => (lvm?.vg === name ? [...lvm.data, ...lvm.metadata] : []))
    .concat(spare, ...linear.map(({ segments }) => segments))
    .filter((segment) => segment.pv.name === pv.name);
  return pv.extents - extentsIn(used);
}

export function blocksOfExtents(extents: number, blockSectors: number): number {
  return Math.floor((extents * extentBytes) / (blockSectors * sectorBytes));
}

export function metadataBlocksOfExtents(extents: number): number {
  return (extents * extentBytes) / metadataBlockBytes;
}

/** Metadata blocks that Linux reserves and counts as used (kernel dm-thin-metadata.c, __set_metadata_reserve). */
export function metadataReserve(total: number): number {
  return Math.min(4096, Math.floor(total / 10));
}

/** Shares of a pool's used blocks that add up to all of them: the last volume has what rounding leaves. */
export function shareBlocks(usedBlocks: number, shares: readonly number[]): readonly number[] {
  const whole = shares.slice(0, -1).map((share) => Math.floor(usedBlocks * share));
  return [...whole, usedBlocks - whole.reduce((sum, blocks) => sum + blocks, 0)];
}

/** A volume maps whole blocks, and no more than its size. The simulation maps them from its start. */
export function mapSectors(blocks: number, blockSectors: number, sectors: number): number {
  return Math.min(Math.floor(blocks) * blockSectors, sectors);
}
