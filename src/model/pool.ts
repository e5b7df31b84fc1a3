import type {
  Consumer,
  DeviceNumber,
  FileSystem,
  LogicalVolume,
  PoolCounters,
  PoolTable,
  RetryPolicy,
  VolumeGroup,
  VolumeStatus,
} from './facts.ts';

/** What a pool runs out of, in the order in which both are shown. */
export const resources = ['data', 'metadata'] as const;
export type Resource = (typeof resources)[number];

/** Who manages the pool device. */
export type Owner = 'lvm' | 'docker' | 'containers-storage' | 'containerd' | 'stratis' | 'other';

/** A used and a total, in bytes and blocks. `freeBytes` is what the pool itself has left. */
export interface Space {
  readonly blocks: number;
  readonly usedBlocks: number;
  readonly blockBytes: number;
  readonly sizeBytes: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  /** The least of the pool's own free space and what the file system under a loop file has left. */
  readonly availableBytes: number;
}

/** The free space below which somebody refuses to make new thin volumes. */
export interface Floor {
  readonly resource: Resource;
  /** `docker`: as printed; `derived`: from the printed one by Docker's rule; `option`: configured here. */
  readonly origin: 'docker' | 'derived' | 'option';
  readonly bytes: number;
}

/** Free space that an operator wants left in one pool, or in every pool that no other entry names. */
export interface MinimumFree {
  readonly pool?: string;
  readonly percent: number;
}

/** What the next autoextend of one resource needs, against what the VG has. */
export interface ExtensionStep {
  readonly resource: Resource;
  /** The step itself. */
  readonly stepBytes: number;
  /** The step and what it drags along (the spare grows with the metadata). */
  readonly neededBytes: number;
  /** Beyond what the VG has free; 0 where it fits. */
  readonly shortfallBytes?: number;
}

export interface Autoextend {
  readonly thresholdPercent: number;
  readonly stepPercent: number;
  readonly enabled: boolean;
  readonly steps: readonly ExtensionStep[];
}

/** How a pool's status was last read. */
export type PoolState = 'readable' | 'failed' | 'unreadable';

/** What people call a thin volume, and who says so. */
export interface KnownAs {
  readonly kind: 'lvm' | 'docker-container' | 'docker-image' | 'containerd-snapshot';
  readonly name: string;
  readonly image?: string;
}

export interface Volume {
  readonly name: string;
  readonly device: DeviceNumber;
  readonly deviceId?: number;
  readonly suspended: boolean;
  readonly sizeBytes: number;
  readonly mappedBytes?: number;
  /** As `DmDevice.createdAfter`. */
  readonly createdAfter?: number;
  readonly state?: VolumeStatus['state'];
  readonly origin?: string;
  readonly lvName?: string;
  /** Absent where nothing better than `name` is known. */
  readonly knownAs?: KnownAs;
}

/** The device stack under a pool's data or metadata device, from top to bottom. */
export interface StackedDevice {
  readonly resource: Resource;
  readonly depth: number;
  readonly device: DeviceNumber;
  /** Kernel or dm name. */
  readonly name?: string;
  readonly sizeBytes?: number;
  readonly backingFile?: string;
}

/** Kernel messages of one kind about one pool, its volumes or the devices under it. */
export interface EventSum {
  readonly kind: string;
  readonly count: number;
  readonly lastAt: number;
  readonly driftMs?: number;
  /** Devices other than the pool that the messages name, `sda` or `dm-5 (vg-volume)`, sorted. */
  readonly devices: readonly string[];
}

/** Why and how often a pool is read more often than configured, for a while. */
export interface CloseWatch {
  /** `event`: the kernel told of one. `filling`: at its present pace it could soon be full, or below its floor. */
  readonly why: 'event' | 'filling';
  /** From one reading of its status to the next. */
  readonly intervalMs: number;
  /** The latest event, Unix ms: a status that was read before it is out of date. */
  readonly eventAt?: number;
}

export interface Pool {
  /** What users call it: the dm name without LVM's `-tpool`. */
  readonly name: string;
  readonly dmName: string;
  readonly uuid?: string;
  readonly device: DeviceNumber;
  readonly owner: Owner;
  readonly vgName?: string;
  readonly lvName?: string;
  readonly suspended: boolean;
  readonly openCount?: number;
  readonly eventNumber?: number;
  /** As `DmDevice.createdAfter`. */
  readonly createdAfter?: number;
  readonly table: PoolTable;
  readonly lengthSectors: number;
  /** Absent while no status is known within its age limit. */
  readonly state?: PoolState;
  readonly statusTakenAt?: number;
  readonly counters?: PoolCounters;
  readonly data?: Space;
  readonly metadata?: Space;
  readonly floors: readonly Floor[];
  /** When a consumer last told its floor: `floors` stay while it is silent. Absent where they come from an option. */
  readonly floorsToldAt?: number;
  readonly volumes: readonly Volume[];
  /** When what is known of the space of its volumes was read: the oldest of the readings. */
  readonly volumesTakenAt?: number;
  /** Thin volumes there are, also those left out of `volumes`. */
  readonly volumeCount: number;
  readonly provisionedBytes: number;
  readonly lvm?: LogicalVolume;
  readonly volumeGroup?: VolumeGroup;
  readonly autoextend?: Autoextend;
  readonly consumer?: Consumer;
  readonly stack: readonly StackedDevice[];
  /** File systems under loop files, by resource. */
  readonly backing: readonly {
    readonly resource: Resource;
    readonly file: string;
    readonly fileSystem?: FileSystem;
  }[];
  /** Policies of file systems on its thin volumes. */
  readonly retryPolicies: readonly (RetryPolicy & { readonly volume: string })[];
  /** Kernel messages about it, one record a kind. */
  readonly kernelEvents: readonly EventSum[];
  /** Set while a reading about this pool is overdue. */
  readonly late?: Lateness;
  /** The latest status ever read, also past its age limit: what a sick pool was before its status hung. */
  readonly lastKnown?: LastKnown;
  /** Times its size was seen to grow since the exporter started. */
  readonly extensions: Readonly<Record<Resource, number>>;
  /** Set while it is read more often than configured. */
  readonly closeWatch?: CloseWatch;
}

export interface LastKnown {
  readonly state: PoolState;
  readonly counters?: PoolCounters;
  readonly takenAt: number;
}

export interface Lateness {
  readonly source: string;
  /** Since when the reading has been under way, or without success. Unix ms. */
  readonly since: number;
  /**
   * `slow`: under way for longer than a healthy pool takes, which is reason enough to start nothing that could do harm.
   * `overdue`: past its deadline, or failing for longer than its facts may be old. `stuck`: and its child is still alive.
   */
  readonly degree: 'slow' | 'overdue' | 'stuck';
}
