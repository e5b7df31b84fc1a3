/** How exact the bytes are that a deletion frees. */
export type Bound = 'exact' | 'at_most' | 'at_least';

/** What would free space in a pool, most first. */
export interface FreeSpace {
  readonly pool: string;
  /** Of data. Absent: unknown. */
  readonly usedBytes?: number;
  /** Why nothing can be freed now, or not by trimming, as a sentence. */
  readonly obstacle?: string;
  /** What can usually be removed from such a pool, with the commands of its owner. */
  readonly advice: string;
  readonly items: readonly FreeSpaceItem[];
  /** Those that are left out: they free less, or it is not known how much. */
  readonly omitted: number;
}

export interface FreeSpaceItem {
  /** `trim`: what the mounted file system of a volume does not use. `unattributed`: used data that no active volume maps. */
  readonly kind: 'trim' | 'snapshot' | 'volume' | 'unattributed';
  /** VG/LV or the device, or the container; of `unattributed` the pool. */
  readonly name: string;
  /** As people call it: `guest 100 (web-01)`. Absent if its owner is not known. */
  readonly describedAs?: string;
  /** False: only LVM lists it. */
  readonly active: boolean;
  /** Where its file system is mounted on the host. */
  readonly mountPoint?: string;
  /** LV of which it is a snapshot. */
  readonly snapshotOf?: string;
  /** Unix ms. */
  readonly createdAt?: number;
  /** Absent: unknown. */
  readonly bytes?: number;
  readonly bound?: Bound;
  /** Unix ms at which thin_ls counted the bytes; absent if they are those of now. */
  readonly measuredAt?: number;
  /** How to free it, with commands in backticks. */
  readonly action: string;
}
