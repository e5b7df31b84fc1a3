/** The simulated host at one moment, in the units of the tools that will tell of it. */
export interface DemoHost {
  readonly pools: readonly DemoPool[];
  readonly groups: readonly DemoGroup[];
  /** What `docker info` speaks of: the pool's dm name, and the minimum free space in percent. */
  readonly docker: { readonly pool: string; readonly minimumFreePercent: number };
  /** File systems that hold loop files, in blocks of 4096 bytes. */
  readonly fileSystems: readonly DemoFileSystem[];
}

export interface DemoPool {
  /** The name of the device that carries the thin-pool target. */
  readonly dmName: string;
  readonly minor: number;
  /** `major:minor`; for an LVM pool the two devices below it in the list of minors. */
  readonly metadataDevice: string;
  readonly dataDevice: string;
  readonly blockSectors: number;
  readonly lowWaterBlocks: number;
  readonly features: readonly string[];
  readonly usedBlocks: number;
  readonly totalBlocks: number;
  /** In blocks of 4096 bytes, with the kernel's reserve, as since Linux 4.19. */
  readonly metadataUsed: number;
  readonly metadataTotal: number;
  readonly transactionId: number;
  readonly mode: 'rw' | 'ro' | 'out_of_data_space';
  /** The live setting: a queueing pool turns to `error` after no_space_timeout. */
  readonly noSpace: 'queue' | 'error';
  readonly events: number;
  readonly volumes: readonly DemoVolume[];
  readonly lvm?: DemoPoolLv;
}

/** An LVM pool's side: its components have the same minor less one (data) and less two (metadata). */
export interface DemoPoolLv {
  readonly vg: string;
  readonly lv: string;
  readonly dataExtents: number;
  readonly metadataExtents: number;
  readonly profile: string;
  readonly zeroing: boolean;
  /** Of the PV that its data and its metadata lie on. */
  readonly pvDevice: string;
  /** The minor of the device with the LV's public name, for a pool with thin LVs. */
  readonly wrapperMinor?: number;
}

export interface DemoVolume {
  /** Without one the volume is not active: LVM knows it, device-mapper does not. */
  readonly minor?: number;
  readonly dmName: string;
  readonly deviceId: number;
  readonly sectors: number;
  readonly mappedSectors: number;
  readonly lv?: string;
  readonly origin?: string;
  readonly container?: DemoContainer;
}

/** A running container, of which the volume is the file system. */
export interface DemoContainer {
  readonly id: string;
  readonly name: string;
  readonly image: string;
}

export interface DemoGroup {
  readonly name: string;
  readonly pvs: readonly string[];
  readonly extents: number;
  /** The largest metadata LV again: lvconvert --repair works in it. */
  readonly spareExtents: number;
  readonly freeExtents: number;
}

export interface DemoFileSystem {
  readonly file: string;
  readonly blocks: number;
  readonly freeBlocks: number;
  readonly type: string;
}

/** LVM's default extent: 4 MiB. */
export const extentBytes = 4 << 20;
const sectorBytes = 512;
const metadataBlockBytes = 4096;

export function blocksOfExtents(extents: number, blockSectors: number): number {
  return Math.floor((extents * extentBytes) / (blockSectors * sectorBytes));
}

export function metadataBlocksOfExtents(extents: number): number {
  return (extents * extentBytes) / metadataBlockBytes;
}

/** What Linux keeps back of the metadata and counts as used (kernel dm-thin-metadata.c, __set_metadata_reserve). */
export function metadataReserve(total: number): number {
  return Math.min(4096, Math.floor(total / 10));
}

/** A volume cannot map half a block, nor more than itself, and what it maps is counted from its start here. */
export function mapSectors(blocks: number, blockSectors: number, sectors: number): number {
  return Math.min(Math.floor(blocks) * blockSectors, sectors);
}
