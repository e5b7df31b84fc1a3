import type {
  DeviceNumber,
  DockerInfo,
  FileSystem,
  Layer,
  LayerTarget,
  Layout,
  LogicalVolume,
  PoolCounters,
  PoolTable,
  RetryPolicy,
  VolumeGroup,
  VolumeStatus,
} from './facts.ts';

/** The resources of a pool, in display order. */
export const resources = ['data', 'metadata'] as const;
export type Resource = (typeof resources)[number];

/** The tool that manages the pool device. */
export type Owner = 'lvm' | 'docker' | 'containers-storage' | 'containerd' | 'stratis' | 'other';

/** Who reported how full a pool is. The kernel counts blocks; LVM and Docker print rounded figures. */
export const spaceOrigins = ['kernel', 'lvm', 'docker'] as const;
export type SpaceOrigin = (typeof spaceOrigins)[number];

/** Used and total space, in bytes and, if counted, in blocks. `freeBytes` is the free space of the pool itself. */
export interface Space {
  readonly origin: SpaceOrigin;
  /** Counted by the kernel, else absent. */
  readonly blocks?: number;
  readonly usedBlocks?: number;
  readonly blockBytes?: number;
  /** How far at most the bytes are from the truth. Absent: they are exact. */
  readonly roundingBytes?: number;
  readonly sizeBytes: number;
  readonly usedBytes: number;
  readonly freeBytes: number;
  /** The lesser of the pool's own free space and the free space of the file system under its loop file. */
  readonly availableBytes: number;
}

/** A space whose blocks the kernel counted. */
export type CountedSpace = Space & Required<Pick<Space, 'blocks' | 'usedBlocks' | 'blockBytes'>>;

export function isCounted(space: Space | undefined): space is CountedSpace {
  return space?.blocks !== undefined && space.usedBlocks !== undefined && space.blockBytes !== undefined;
}

/** Free space below which new thin volumes are refused. */
export interface MinimumFree {
  readonly resource: Resource;
  /**
   * `docker`: as printed; `derived`: by Docker's rule from the printed one; `containers-storage`: its default; `lvm`: the
   * limit of lvcreate; `option`: configured here.
   */
  readonly origin: 'docker' | 'derived' | 'containers-storage' | 'lvm' | 'option';
  readonly bytes: number;
}

/** Minimum free configured for one pool, or for every pool without an entry of its own. */
export interface MinimumFreeOption {
  readonly pool?: string;
  readonly percent: number;
}

/** The hidden LV that LVM keeps in a VG for repairs of metadata, as large as the largest metadata in it. */
export interface MetadataSpare {
  /** 0: there is none. */
  readonly sizeBytes: number;
  /** The largest metadata of the other pools in the VG. */
  readonly largestOtherBytes: number;
}

/** Space that the next autoextend of one resource needs, compared with the VG. */
export interface ExtensionStep {
  readonly resource: Resource;
  /** The step itself. */
  readonly stepBytes: number;
  /** The step with its copies and parity, and what it entails (the spare grows with the metadata). Absent if the layout is unknown. */
  readonly neededBytes?: number;
  /** Missing in what LVM can allocate in the VG; 0 if it fits. Absent if unknown. */
  readonly shortfallBytes?: number;
}

export interface Autoextend {
  readonly thresholdPercent: number;
  /** As configured, where that is less than LVM extends at: it refuses new volumes above this. */
  readonly configuredPercent?: number;
  readonly stepPercent: number;
  readonly enabled: boolean;
  readonly steps: readonly ExtensionStep[];
}

/** How a pool's status was last read. */
export type PoolState = 'readable' | 'failed' | 'unreadable';

/** The name of a thin volume in the tool that uses it. */
export interface KnownAs {
  readonly kind: 'lvm' | 'docker-container' | 'docker-image' | 'containerd-snapshot';
  readonly name: string;
  readonly image?: string;
}

/** The program that manages a volume, and what a volume is to it. */
export interface VolumeUse {
  readonly owner: VolumeOwner;
  readonly role: VolumeRole;
  /** What uses the volume, as its owner calls it. */
  readonly consumer: string;
  /** Identifies that consumer in its owner: a guest's number, the name of an instance or a persistent volume. */
  readonly id: string;
  /** Of the project that the consumer is in, where that is not the default one. */
  readonly project?: string;
  /** The name that people gave the consumer, if it is not the `id`. */
  readonly name?: string;
  /** Name of the snapshot, if it is one. */
  readonly snapshot?: string;
  /** UID of the pod that has it mounted. */
  readonly pod?: string;
}

/**
 * `incus-or-lxd`: both use the same names. `kubernetes`: a persistent volume whose driver is not known.
 */
export type VolumeOwner =
  | 'proxmox'
  | 'incus'
  | 'lxd'
  | 'incus-or-lxd'
  | 'qubes'
  | 'kubernetes'
  | 'openebs'
  | 'topolvm'
  | 'linstor'
  | 'cinder'
  | 'stratis'
  | 'libvirt'
  | 'docker'
  | 'containers-storage'
  | 'containerd';

export type VolumeRole =
  | 'disk'
  | 'template'
  | 'snapshot'
  | 'state'
  | 'cloud-init'
  | 'fleecing'
  | 'image'
  | 'layer'
  | 'private'
  | 'root'
  | 'volatile'
  | 'config'
  | 'import';

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
  /** Absent if nothing better than `name` is known. */
  readonly knownAs?: KnownAs;
  /** Absent if it is not known whose volume it is. */
  readonly use?: VolumeUse;
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
  /** Set for a device that has a state of its own. */
  readonly target?: LayerTarget;
  /** Its state; absent while that is unknown. */
  readonly layer?: Layer;
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

/** Why and how often a pool is polled faster than configured, for a while. */
export interface FastPolling {
  /** `event`: the kernel reported one. `filling`: at its present growth it could soon be full or below its minimum free. */
  readonly why: 'event' | 'filling';
  /** The polling interval of its status. */
  readonly intervalMs: number;
  /** The latest event, Unix ms: a status read before it is outdated. */
  readonly eventAt?: number;
}

/**
 * `active`: device-mapper has a device of it. `inactive`: its owner lists it, and it has no device, so that nothing on it
 * can be used. `unseen`: LVM or Docker report it as in use, and device-mapper cannot be read, or does not list it.
 */
export const presences = ['active', 'inactive', 'unseen'] as const;
export type Presence = (typeof presences)[number];

/** When facts were read, Unix ms: somewhere between start and end. Past `expiresAt` they are too old to be believed. */
export interface ReadTimes {
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly expiresAt: number;
}

/** Who can know that a pool exists. */
export type Witness = 'device-mapper' | 'lvm' | 'docker';

/** Whether a witness that should know of the pool reports it. */
export interface Sighting {
  readonly by: Witness;
  /** Its latest reading that would have reported the pool; absent while none is current. */
  readonly coveredAt?: ReadTimes;
  /** Its latest reading that did, however old. Older than `coveredAt`: it no longer reports the pool. */
  readonly namedAt?: ReadTimes;
}

/** When the facts of a pool were read, for rules that compare facts of one moment. Absent as the facts are. */
export interface PoolReadTimes {
  readonly status?: ReadTimes;
  readonly lvm?: ReadTimes;
  readonly volumeGroup?: ReadTimes;
}

/** What LVM reported of a pool when it last did. */
export interface LastLvm {
  readonly lvm?: LogicalVolume;
  readonly volumeGroup?: VolumeGroup;
  readonly autoextend?: Autoextend;
  readonly readAt: PoolReadTimes;
}

/** A pool that device-mapper has. */
export type ActivePool = Pool & Required<Pick<Pool, 'device' | 'table' | 'lengthSectors'>>;

export function isActive(pool: Pool): pool is ActivePool {
  return pool.presence === 'active';
}

export interface Pool {
  /** What users call it: the dm name without LVM's `-tpool`. */
  readonly name: string;
  /** Of a pool that is not active, the name that its device would have. */
  readonly dmName: string;
  /** The operator does not want to watch it. Only what decides whether queries may run knows such pools. */
  readonly excluded?: true;
  readonly uuid?: string;
  readonly presence: Presence;
  /** One for each witness that should know of the pool: what should be known of it and is not stands here. */
  readonly sightings: readonly Sighting[];
  readonly readAt: PoolReadTimes;
  /** Like the table and the length, known of active pools only. */
  readonly device?: DeviceNumber;
  readonly owner: Owner;
  readonly vgName?: string;
  readonly lvName?: string;
  readonly suspended?: boolean;
  readonly openCount?: number;
  readonly eventNumber?: number;
  /** As `DmDevice.createdAfter`. */
  readonly createdAfter?: number;
  readonly table?: PoolTable;
  readonly lengthSectors?: number;
  /** Absent while the status is unknown or past its age limit. */
  readonly state?: PoolState;
  /** When `data` and `metadata` were read. */
  readonly statusTakenAt?: number;
  readonly counters?: PoolCounters;
  readonly data?: Space;
  readonly metadata?: Space;
  readonly minimumFrees: readonly MinimumFree[];
  /** When a consumer last reported its minimum free, Unix ms: `minimumFrees` are kept while it does not respond. Absent for an option. */
  readonly minimumFreeReportedAt?: number;
  readonly volumes: readonly Volume[];
  /** When the space of its volumes was read, Unix ms: the oldest of the reads. */
  readonly volumesTakenAt?: number;
  /** Number of active thin volumes, including those not in `volumes`. */
  readonly volumeCount: number;
  /** Thin volumes that LVM lists in the pool, and that are not active. */
  readonly inactiveVolumeCount: number;
  /** Sizes of all its thin volumes, active or not. */
  readonly provisionedBytes: number;
  readonly lvm?: LogicalVolume;
  readonly volumeGroup?: VolumeGroup;
  /** How LVM lays out its data and its metadata; absent where that is not known. */
  readonly layouts?: Readonly<Partial<Record<Resource, Layout>>>;
  /** LVM's spare for repairs; absent where it is not known whether there is one. */
  readonly spare?: MetadataSpare;
  readonly autoextend?: Autoextend;
  readonly dockerInfo?: DockerInfo;
  readonly stack: readonly StackedDevice[];
  /** File systems under loop files, by resource. */
  readonly backing: readonly {
    readonly resource: Resource;
    readonly file: string;
    readonly fileSystem?: FileSystem;
    /** Of the file, as far as it is known: its size, and what of that is allocated. */
    readonly sizeBytes?: number;
    readonly allocatedBytes?: number;
    /** It holds nothing but this resource of this pool. */
    readonly isWhole?: true;
  }[];
  /** Policies of file systems on its thin volumes. */
  readonly retryPolicies: readonly (RetryPolicy & { readonly volume: string })[];
  /** Kernel messages about it, one record per kind. */
  readonly kernelEvents: readonly EventSum[];
  /** Set while a query of this pool is slow, overdue or stuck. */
  readonly late?: Lateness;
  /** The latest status ever read, even past its age limit: the state of a sick pool before its status query hung. */
  readonly lastKnown?: LastKnown;
  /** Number of extensions since the exporter started. */
  readonly extensions: Readonly<Record<Resource, number>>;
  /** Set while it is polled faster than configured. */
  readonly fastPolling?: FastPolling;
  /** It was active since this process started. */
  readonly wasActive?: true;
  /** Unix ms of the end of the first reading that showed it. */
  readonly appearedAt?: number;
  /** Unix ms of the latest reading that showed something new of it: it appeared, grew, or began another transaction. What LVM reported before is of another moment. */
  readonly changedAt?: number;
  /** Like `changedAt`, of growth alone. */
  readonly grewAt?: number;
  /** Set while its VG was last read before a pool in it grew: that a step fits is then no reason to wait for it. */
  readonly roomOutdated?: true;
  /** Set while `lvm`, `volumeGroup` and `autoextend` are what LVM last reported, because it no longer reports the pool. */
  readonly lvmLastKnown?: true;
  /** Set while LVM should report the pool, does not, and what it last reported is too old to be shown. */
  readonly lastLvm?: LastLvm;
  /** Of one moment, the transaction ids in the kernel and in LVM's metadata. Absent while none were read together. */
  readonly transactions?: Transactions;
}

export interface Transactions {
  readonly kernel: number;
  readonly lvm: number;
}

export interface LastKnown {
  readonly state: PoolState;
  readonly counters?: PoolCounters;
  readonly takenAt: number;
}

export interface Lateness {
  readonly collector: string;
  /** Since when the query has been running, or without success. Unix ms. */
  readonly since: number;
  /**
   * `slow`: running for longer than a healthy pool takes, so nothing that could do harm is started. `overdue`: past its
   * deadline, or failing for longer than its age limit. `stuck`: past its deadline, and its child is still alive.
   */
  readonly degree: 'slow' | 'overdue' | 'stuck';
}
