import type {
  BlockDevice,
  Consumer,
  Daemon,
  DeviceNumber,
  ExtendPolicy,
  FileSystem,
  KernelEvent,
  KernelSetting,
  LogicalVolume,
  PoolCounters,
  PoolTable,
  RetryPolicy,
  RunningContainer,
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
  readonly kernelEvents: readonly KernelEvent[];
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

/** How a question fares. */
export interface QuestionState {
  readonly key: string;
  readonly about?: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly lastSuccessAt?: number;
  readonly lastDurationMs?: number;
  /** Since when a reading has been past its deadline with its child alive. */
  readonly stuckSince?: number;
  readonly heldBack?: string;
  /** What was decided about how to ask. */
  readonly note?: string;
  /** How the latest finished reading ended. */
  readonly outcome?: Outcome;
  readonly failure?: string;
  /** The name of the way that the host understood, where there is more than one. */
  readonly way?: string;
}

export const failureReasons = [
  'not-installed',
  'permission-denied',
  'timed-out',
  'exited',
  'output-too-large',
  'unparseable',
  'unavailable',
] as const;
export type FailureReason = (typeof failureReasons)[number];
export type Outcome = 'ok' | FailureReason;

/** How a source fares as a whole. */
export interface SourceState {
  readonly name: string;
  readonly mode: 'auto' | 'on' | 'off';
  /** Its facts name what there is. */
  readonly namesThings: boolean;
  /** `absent`: what it reads is not on this host, which is no failure under auto. */
  readonly status: 'ok' | 'absent' | 'failed' | 'held' | 'pending' | 'off';
  readonly intervalMs: number;
  readonly maxAgeMs: number;
  readonly questions: readonly QuestionState[];
  /** The oldest of its questions' latest successes: no fact of it is older. */
  readonly lastSuccessAt?: number;
  /** The longest of their latest readings. */
  readonly lastDurationMs?: number;
  /** Since when the longest overdue child has been alive. */
  readonly stuckSince?: number;
  readonly heldBack?: string;
  /** Finished readings and failed ones by reason, since the exporter started. */
  readonly readings: number;
  readonly failures: Readonly<Record<FailureReason, number>>;
}

/** What may happen to a pool that the kernel tells of at once. */
export const poolEvents = ['low_water', 'mode', 'resize'] as const;
export type PoolEvent = (typeof poolEvents)[number];

/** How it fares to be told of events. */
export interface EventsState {
  /** Why the kernel's log cannot be read; absent while it can. */
  readonly failure?: string;
  /** Since the exporter started. */
  readonly seen: Readonly<Record<PoolEvent, number>>;
}

/** A pool that was there and is not any more. */
export interface MissingPool {
  readonly name: string;
  readonly uuid?: string;
  readonly lastSeenAt: number;
}

/** Everything known of a host at one moment, within its age limits. */
export interface Host {
  readonly takenAt: number;
  /** False while device-mapper was never read, or its last reading is too old. */
  readonly discovered: boolean;
  readonly pools: readonly Pool[];
  readonly missingPools: readonly MissingPool[];
  readonly volumeGroups: readonly VolumeGroup[];
  readonly logicalVolumes: readonly LogicalVolume[];
  readonly extendPolicies: readonly ExtendPolicy[];
  readonly consumers: readonly Consumer[];
  readonly runningContainers: readonly RunningContainer[];
  readonly daemons: readonly Daemon[];
  readonly blockDevices: readonly BlockDevice[];
  readonly kernelSettings: readonly KernelSetting[];
  readonly kernelEvents: readonly KernelEvent[];
  readonly sources: readonly SourceState[];
  /** Absent where nobody listens for events. */
  readonly events?: EventsState;
}
