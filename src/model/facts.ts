/**
 * The facts that collectors produce. A query yields records of these lists; `assemble` joins them. A field that a tool
 * did not report is absent: never 0, never NaN.
 */
export interface Facts {
  readonly devices: readonly DmDevice[];
  readonly tables: readonly DmTable[];
  readonly dependencies: readonly DmDependencies[];
  readonly poolStatuses: readonly PoolStatus[];
  readonly volumeStatuses: readonly VolumeStatus[];
  readonly layers: readonly LayerStatus[];
  readonly logicalVolumes: readonly LogicalVolume[];
  readonly volumeGroups: readonly VolumeGroup[];
  readonly extendPolicies: readonly ExtendPolicy[];
  readonly repairSettings: readonly RepairSettings[];
  readonly repairTools: readonly RepairTools[];
  readonly dockerInfos: readonly DockerInfo[];
  readonly runningContainers: readonly RunningContainer[];
  readonly deviceUsers: readonly DeviceUser[];
  readonly nameRecords: readonly NameRecord[];
  readonly guestStates: readonly GuestState[];
  readonly pagerProcesses: readonly PagerProcess[];
  readonly pagers: readonly Pager[];
  readonly neighbours: readonly Neighbour[];
  readonly guestInterfaces: readonly GuestInterface[];
  readonly daemons: readonly Daemon[];
  readonly blockDevices: readonly BlockDevice[];
  readonly fileSystems: readonly FileSystem[];
  readonly backingFiles: readonly BackingFile[];
  readonly retryPolicies: readonly RetryPolicy[];
  readonly deviceTraffic: readonly DeviceTraffic[];
  readonly volumeMounts: readonly VolumeMount[];
  readonly volumeUsages: readonly VolumeUsage[];
  readonly kernelSettings: readonly KernelSetting[];
  readonly kernelEvents: readonly KernelEvent[];
  readonly unreadable: readonly Unreadable[];
}

/** The facts of one query: some of the lists of `Facts`. */
export type PartialFacts = Partial<Facts>;

/** One record of an output that could not be read and was left out, so that it costs only itself. */
export interface Unreadable {
  readonly collector: string;
  /** What was expected, and the text. */
  readonly reason: string;
}

/** `major:minor` of a block device, as in a dm table. */
export type DeviceNumber = `${number}:${number}`;

/** What a thin volume has written and discarded since it was activated. */
export interface DeviceTraffic {
  /** Of the volume when it was read: a number is used again. */
  readonly name: string;
  readonly device: DeviceNumber;
  readonly writtenBytes: number;
  /** Absent before Linux 4.18. */
  readonly discardedBytes?: number;
}

/** Where the file system on a thin volume is mounted. */
export interface VolumeMount {
  /** Of the volume when it was read: a number is used again. */
  readonly name: string;
  readonly device: DeviceNumber;
  readonly mountPoint: string;
  /** The device as it was given to mount. */
  readonly source: string;
}

/** What the file system on a thin volume uses. */
export interface VolumeUsage {
  readonly name: string;
  readonly device: DeviceNumber;
  /** What it has for files. The rest of the volume is for its own tables and its journal. */
  readonly sizeBytes: number;
  /** Of that. */
  readonly usedBytes: number;
  /** What the volume mapped at that time. */
  readonly mappedBytes?: number;
}

/** A row of `dmsetup info -c`: an INFO ioctl, which takes no metadata lock. */
export interface DmDevice {
  /** As dmsetup prints it. */
  readonly name: string;
  readonly uuid?: string;
  readonly device: DeviceNumber;
  readonly suspended: boolean;
  /** A live table is loaded. */
  readonly live: boolean;
  readonly openCount?: number;
  readonly eventNumber?: number;
  /** It was not there at this moment, Unix ms: older messages about its number are about another device. Absent for what the first reading found. */
  readonly createdAfter?: number;
}

/** One segment of `dmsetup table`. `target` has what is specific to thin targets. */
export interface DmTable {
  readonly name: string;
  readonly startSectors: number;
  readonly lengthSectors: number;
  readonly targetType: string;
  readonly target: PoolTable | VolumeTable | OtherTable;
}

export interface OtherTable {
  readonly kind: 'other';
  readonly devices: readonly DeviceNumber[];
  /** Absent for a linear target, and where it is not known. */
  readonly layout?: Layout;
  /** Of a cache: the device that is cached. */
  readonly origin?: DeviceNumber;
}

/** How a target spreads what is written over devices. An extension takes the same number of extents for each area. */
export interface Layout {
  /** Each on a PV of its own. */
  readonly areas: number;
  /** As many areas as hold different data; the others hold copies or parity. */
  readonly dataAreas: number;
}

/** The devices directly under a device, known to the kernel in any state: a line of `dmsetup deps`. */
export interface DmDependencies {
  readonly name: string;
  readonly devices: readonly DeviceNumber[];
}

/** Table line of a thin-pool (kernel `dm-thin.c`, pool_ctr). Features are the requested ones, not the live ones. */
export interface PoolTable {
  readonly kind: 'pool';
  readonly metadataDevice: DeviceNumber;
  readonly dataDevice: DeviceNumber;
  readonly blockSectors: number;
  readonly lowWaterBlocks: number;
  readonly features: readonly string[];
}

/** Table line of a thin volume; `unreadable` when its pool failed (the line is then the word Fail). */
export interface VolumeTable {
  readonly kind: 'volume';
  readonly unreadable: boolean;
  readonly poolDevice?: DeviceNumber;
  readonly deviceId?: number;
  readonly externalOrigin?: DeviceNumber;
}

export type PoolMode = 'rw' | 'ro' | 'out_of_data_space';
export type NoSpacePolicy = 'queue' | 'error';
export type DiscardMode = 'discard_passdown' | 'no_discard_passdown' | 'ignore_discard';

/** The counters of a thin-pool status line, in blocks. Fields that the kernel version lacks are absent. */
export interface PoolCounters {
  readonly transactionId: number;
  /** From target 1.20 on this includes the kernel's hidden reserve (dm-thin-metadata.c, __set_metadata_reserve). */
  readonly metadataUsedBlocks: number;
  readonly metadataBlocks: number;
  readonly dataUsedBlocks: number;
  readonly dataBlocks: number;
  readonly heldMetadataRoot?: number;
  readonly mode?: PoolMode;
  readonly discard?: DiscardMode;
  /** The active setting; the configured one is in the table. */
  readonly noSpace?: NoSpacePolicy;
  readonly needsCheck?: boolean;
  readonly metadataLowWaterBlocks?: number;
}

/**
 * A `dmsetup status --noflush` line of a thin-pool. `failed` is the word Fail, `unreadable` the word Error or no
 * words at all (kernel `dm-thin.c`, pool_status).
 */
export type PoolStatus = { readonly name: string; readonly lengthSectors: number } & (
  | { readonly state: 'readable'; readonly counters: PoolCounters }
  | { readonly state: 'failed' | 'unreadable' }
);

/** A status line of a thin volume, in sectors. Mapped counts blocks shared with snapshots too. */
export type VolumeStatus = { readonly name: string; readonly lengthSectors: number } & (
  | { readonly state: 'readable'; readonly mappedSectors: number; readonly highestMappedSector?: number }
  | { readonly state: 'failed' | 'unreadable' | 'unbound' }
);

/** Targets under a pool that have a state of their own. */
export const layerTargets = ['vdo', 'raid', 'cache', 'multipath'] as const;
export type LayerTarget = (typeof layerTargets)[number];

/** The state of a device that a pool stands on, by its target. */
export type Layer =
  | {
      readonly target: 'vdo';
      readonly readOnly: boolean;
      readonly recovering: boolean;
      /** Physical, with VDO's own. */
      readonly usedBytes: number;
      readonly sizeBytes: number;
    }
  | {
      readonly target: 'raid';
      readonly type: string;
      readonly devices: number;
      readonly failedDevices: number;
      readonly syncedSectors: number;
      readonly sectors: number;
      /** Such as `idle`, `resync` or `recover`. Absent on old kernels. */
      readonly action?: string;
    }
  | {
      readonly target: 'cache';
      readonly failed: boolean;
      readonly readOnly?: boolean;
      readonly needsCheck?: boolean;
    }
  | { readonly target: 'multipath'; readonly paths: number; readonly failedPaths: number };

export interface LayerStatus {
  readonly name: string;
  readonly layer: Layer;
}

export type LvmHealth = 'failed' | 'out_of_data' | 'metadata_read_only' | 'partial' | 'unknown';

/** A row of `lvs` (man lvs, lvmreport): sizes in bytes, percentages as LVM prints them (0..100, two decimals). */
export interface LogicalVolume {
  readonly vgName: string;
  readonly lvName: string;
  /** Both without hyphens, as in a dm UUID. If absent, records are joined by name, which `lvs` prints by default. */
  readonly vgUuid?: string;
  readonly lvUuid?: string;
  readonly role: 'pool' | 'volume' | 'other';
  readonly sizeBytes?: number;
  readonly metadataSizeBytes?: number;
  readonly chunkSizeBytes?: number;
  readonly dataPercent?: number;
  readonly metadataPercent?: number;
  readonly health?: LvmHealth;
  readonly checkNeeded?: boolean;
  readonly suspended?: boolean;
  readonly whenFull?: NoSpacePolicy;
  /** The effective metadata profile: the LV's own, else the VG's. */
  readonly profile?: string;
  readonly poolLv?: string;
  readonly origin?: string;
  readonly thinCount?: number;
  readonly transactionId?: number;
  /** Of a thin volume in its pool. Absent before LVM 2.03.12. */
  readonly deviceId?: number;
  /** Absent if LVM was not queried for it, or did not report it. */
  readonly monitored?: boolean;
  /** Absent if LVM could not find out. */
  readonly active?: boolean;
  /** Activation commands and the boot leave it out: a property of the LV. */
  readonly skipsActivation?: true;
  /** False where it, or its VG, is not activated at boot. Absent before LVM 2.03.12, which has no such property. */
  readonly autoactivated?: boolean;
  /** Unix ms. */
  readonly createdAt?: number;
  /** As the default layout of lvs prints it, where no exact size is known. */
  readonly roundedSize?: { readonly bytes: number; readonly roundingBytes: number };
  /** Set where a segment of it is of a type that this LVM does not know. */
  readonly unknownSegments?: true;
}

/** A VG of `vgs`, sizes in bytes. */
export interface VolumeGroup {
  readonly vgName: string;
  readonly vgUuid?: string;
  readonly sizeBytes: number;
  readonly freeBytes: number;
  readonly extentBytes: number;
  readonly pvCount?: number;
  readonly missingPvCount?: number;
  /** Other hosts may have its LVs active: lvmlockd or a cluster. */
  readonly shared?: boolean;
  /** As of an LV. */
  readonly autoactivated?: boolean;
  /** Device paths of its PVs, as LVM names them, without `[unknown]` ones. */
  readonly pvNames: readonly string[];
  /** Absent where LVM did not say what each has. */
  readonly pvs?: readonly PhysicalVolume[];
  /** Set where LVM may not change it (`vgchange --permission r`). */
  readonly readOnly?: true;
  /** Set where it was taken from this host (`vgexport`). */
  readonly exported?: true;
  /** Set where at least one PV is missing. */
  readonly partial?: true;
  /** Set where one of its LVs has a segment of a type that this LVM does not know. */
  readonly unknownSegments?: true;
  /** Its name with the beginning of its UUID, where another VG has the same name. */
  readonly label?: string;
}

/** A PV of `vgs`. */
export interface PhysicalVolume {
  readonly name: string;
  readonly freeBytes: number;
  /** False after `pvchange --allocatable n`: LVM takes nothing from it, though the VG counts what it has as free. */
  readonly allocatable: boolean;
  /** LVM does not find its device. */
  readonly missing: boolean;
}

/** The effective `activation/thin_pool_autoextend_*` for one metadata profile (absent: the default). */
export interface ExtendPolicy {
  readonly profile?: string;
  /** 100 is off; LVM treats less than 50 as 50. */
  readonly thresholdPercent: number;
  readonly stepPercent: number;
  readonly monitoring?: boolean;
}

/** How LVM checks and repairs the metadata of pools, from lvm.conf. A path is empty where LVM is not to run the program. */
export interface RepairSettings {
  readonly checkExecutable?: string;
  readonly repairExecutable?: string;
  readonly checkOptions?: readonly string[];
}

/** Which of these programs do not exist. */
export interface RepairTools {
  readonly missing: readonly string[];
}

/** A user of a pool that creates thin volumes and keeps a minimum free, from `docker info`. Docker rounds sizes. */
export interface DockerInfo {
  /** `docker` today. */
  readonly kind: string;
  readonly version?: string;
  /** The storage driver in use; only `devicemapper` has a pool. */
  readonly driver: string;
  readonly poolName?: string;
  /** `sizes` were all printed as 0: Docker could not read its pool's status (moby deviceset.go, Status). */
  readonly poolUnreadable: boolean;
  readonly blockSizeBytes?: number;
  readonly dataUsedBytes?: number;
  readonly dataSizeBytes?: number;
  readonly dataAvailableBytes?: number;
  readonly metadataUsedBytes?: number;
  readonly metadataSizeBytes?: number;
  readonly metadataAvailableBytes?: number;
  /** Of data, as printed; absent before 1.12. 0: no minimum. */
  readonly minimumFreeBytes?: number;
  readonly dataLoopFile?: string;
  readonly metadataLoopFile?: string;
  readonly loopback: boolean;
  readonly deferredRemoval?: boolean;
  readonly deferredDeletion?: boolean;
  readonly deferredDeletedDevices?: number;
  readonly backingFileSystem?: string;
  readonly baseDeviceSizeBytes?: number;
}

/** A container that its daemon reports as running. */
export interface RunningContainer {
  readonly id: string;
}

/** The user of a thin device, as reported by the tool that created it. */
export interface DeviceUser {
  readonly dmName: string;
  readonly kind: 'docker-container';
  readonly name: string;
  /** As given when the container was started. */
  readonly image?: string;
}

/** What a file on the host says about who uses a thin volume. */
export type NameRecord = GuestName | DomainDisk | StratisLink | KubeletMount | CsiAttachment;

/** A guest of Proxmox VE, from its configuration. */
export interface GuestName {
  readonly from: 'proxmox';
  /** Its number, as in the names of its volumes. */
  readonly id: string;
  /** A container, not a virtual machine. */
  readonly isContainer?: true;
  /** Absent for a guest without a name. */
  readonly name?: string;
}

/** What QEMU does with a virtual machine. */
export interface GuestState {
  readonly owner: 'proxmox' | 'libvirt';
  /** As in the use of its volumes: its number, or the name of the domain. */
  readonly id: string;
  /** After an I/O error: it is resumed only by hand. */
  readonly isPaused: boolean;
}

/** A process of a program that evaluates or sends alerts. */
export interface PagerProcess {
  readonly pid: number;
}

export type PagerProgram = 'Prometheus' | 'Alertmanager' | 'VictoriaMetrics' | 'vmalert' | 'Grafana';

/** Where such a program has its data. */
export interface Pager {
  readonly program: PagerProgram;
  /** As its command line says; absent if it says nothing, and its usual folder counts. */
  readonly folder?: string;
  /** `major:minor` of the file system of the folder. That of btrfs is not its device's. */
  readonly device: string;
  /** The device as it was given to mount. */
  readonly source: string;
}

/** A host of the same network that this one has spoken to. */
export interface Neighbour {
  /** IPv4. */
  readonly address: string;
  /** In lower case. */
  readonly mac: string;
}

/** A network interface of a guest. */
export interface GuestInterface {
  readonly owner: 'proxmox' | 'libvirt';
  /** As in the use of its volumes: its number, or the name of the domain. */
  readonly id: string;
  /** In lower case. */
  readonly mac: string;
}

/** A disk of a libvirt domain. */
export interface DomainDisk {
  readonly from: 'libvirt';
  readonly dmName: string;
  readonly domain: string;
}

/** A link that stratisd's udev rules make. */
export interface StratisLink {
  readonly from: 'stratis';
  readonly dmName: string;
  readonly pool: string;
  readonly fileSystem: string;
}

/** A mount of the kubelet for a pod, or of a volume for the node. */
export interface KubeletMount {
  readonly from: 'kubelet';
  readonly dmName: string;
  /** Name of the persistent volume, where the path has it. */
  readonly persistentVolume?: string;
  /** What stands in place of the name may be the name of an inline volume within its pod. */
  readonly mayBeInline?: true;
  /** UID of the pod. */
  readonly pod?: string;
  /** The kubelet's own record of the volume, beside the mount. */
  readonly file: string;
}

/** The kubelet's record of a volume (kubernetes pkg/volume/csi, vol_data.json). */
export interface CsiAttachment {
  readonly from: 'csi';
  readonly file: string;
  readonly driver: string;
  /** It is a persistent volume, not one that is inline in a pod. */
  readonly persistent?: true;
}

/** A daemon that thin pools depend on. */
export interface Daemon {
  readonly name: string;
  readonly running: boolean;
  /** Stopped by a signal or in uninterruptible sleep: it will not respond. */
  readonly frozen: boolean;
}

/** A block device as sysfs shows it. */
export interface BlockDevice {
  readonly device: DeviceNumber;
  /** Kernel name, `sda1`, `loop0`, `dm-3`. */
  readonly name?: string;
  /** For a device-mapper device: as dmsetup names it. */
  readonly dmName?: string;
  readonly sizeBytes?: number;
  readonly slaves: readonly string[];
  /** The whole disk, for a partition. */
  readonly parent?: string;
  /** For a loop device: the file behind it. */
  readonly backingFile?: string;
}

/** The file system that holds `path`, from statfs. */
export interface FileSystem {
  readonly path: string;
  readonly type?: string;
  readonly sizeBytes: number;
  /** Free for root: f_bfree, the number Docker uses. */
  readonly freeBytes: number;
}

/** A file under a loop device, from stat. What is allocated takes no more room from its file system when it is written. */
export interface BackingFile {
  readonly path: string;
  readonly sizeBytes: number;
  readonly allocatedBytes: number;
}

/** How often a file system on a device retries a failed metadata write (kernel `fs/xfs/xfs_sysfs.c`). -1: indefinitely. */
export interface RetryPolicy {
  /** `dm-3`. */
  readonly kernelName: string;
  readonly enospcMaxRetries?: number;
  readonly failAtUnmount?: boolean;
}

export type KernelSettingName = 'no_space_timeout_seconds' | 'hung_task_detect_count';

export interface KernelSetting {
  readonly name: KernelSettingName;
  readonly value: number;
}

/** What a message is about, also where it names no device or one that is not there: one of the pools, loop devices, RAIDs or VDO volumes of the host. */
export type MessageScope = 'pools' | 'loops' | 'raids' | 'vdo';

/** What was read so far of the report of a hung task. Its lines come one by one, maybe in two readings. */
export interface HungTaskReport {
  readonly startedAt: number;
  /** The device that the task or its workqueue is named after. */
  readonly device?: DeviceNumber;
  readonly kernelName?: string;
  /** Its workqueue is one of thin pools. */
  readonly isPoolWorker: boolean;
  /** A frame without a question mark was seen: those with one are then leftovers of earlier calls. */
  readonly hasSureFrames: boolean;
  /** The most informative of the frames without a question mark, and of those with one. */
  readonly frame?: StorageFrame;
  readonly unsureFrame?: StorageFrame;
}

/** Where a function of a stack belongs: to the thin pool target, or to a file system or block I/O. */
export type StorageFrame = 'pool' | 'storage';

/**
 * Kernel messages of one kind about one device, counted from the oldest one that the kernel's buffer had when the
 * exporter first read it. The kernel limits the rate of many kinds, so a count is a lower bound.
 */
export interface KernelEvent {
  readonly kind: string;
  /** `major:minor` of the pool or the file system's device, if the message names it. */
  readonly device?: DeviceNumber;
  /** `dm-3`, `sda` or `mapper/vg-lv`, where the message names it so. */
  readonly kernelName?: string;
  /** Absent where the message may be about any device. */
  readonly among?: MessageScope;
  /** The pool that the device was, or was a volume of, when this was read: the kernel gives the number to others later. */
  readonly pool?: DeviceNumber;
  readonly count: number;
  /** Unix time in ms. */
  readonly lastAt: number;
  /** `lastAt` may be too early by this much: the clock of the log drifts, and nothing else says how old the record is. */
  readonly driftMs?: number;
  /** For hung tasks: more of the latest report may follow in the next reading. */
  readonly report?: HungTaskReport;
}
