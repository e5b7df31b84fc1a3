import type { CollectorState } from './collector-state.ts';
import type { ExclusiveState } from './exclusive.ts';
import type {
  BlockDevice,
  Daemon,
  DeviceTraffic,
  DockerInfo,
  ExtendPolicy,
  GuestInterface,
  GuestState,
  KernelEvent,
  KernelSetting,
  LogicalVolume,
  NameRecord,
  Neighbour,
  Pager,
  PagerProcess,
  RepairSettings,
  RepairTools,
  RunningContainer,
  Unreadable,
  VolumeGroup,
  VolumeMount,
  VolumeUsage,
} from './facts.ts';
import type { Finding, MutedFinding, PendingFinding } from './finding.ts';
import type { NotifyState } from './notify-state.ts';
import type { EventSum, Pool, ReadTimes, Witness } from './pool.ts';
import type { PoolTrend } from './trend.ts';

/** Pool events that the kernel reports immediately. */
export const poolEvents = ['low_water', 'mode', 'resize'] as const;
export type PoolEvent = (typeof poolEvents)[number];

/** The state of kernel event detection. */
export interface EventsState {
  /** Why the kernel's log cannot be read; absent while it can. */
  readonly failure?: string;
  /** Since the exporter started. */
  readonly seen: Readonly<Record<PoolEvent, number>>;
}

/** A pool that has vanished. */
export interface MissingPool {
  readonly name: string;
  readonly uuid?: string;
  readonly lastSeenAt: number;
}

/** A reading that LVM or Docker ended well, and that is not too old. */
export interface Coverage {
  readonly by: Exclude<Witness, 'device-mapper'>;
  /** The only VG that it was about; absent: all. */
  readonly vg?: string;
  readonly at: ReadTimes;
}

/** Everything known of a host at one moment, within the age limits. */
export interface Host {
  readonly takenAt: number;
  /** False until device-mapper has been read, and while that is too long ago. */
  readonly discovered: boolean;
  readonly pools: readonly Pool[];
  readonly missingPools: readonly MissingPool[];
  readonly volumeGroups: readonly VolumeGroup[];
  readonly logicalVolumes: readonly LogicalVolume[];
  readonly extendPolicies: readonly ExtendPolicy[];
  readonly repairSettings: readonly RepairSettings[];
  readonly repairTools: readonly RepairTools[];
  readonly dockerInfos: readonly DockerInfo[];
  readonly runningContainers: readonly RunningContainer[];
  readonly nameRecords: readonly NameRecord[];
  readonly guestStates: readonly GuestState[];
  readonly pagerProcesses: readonly PagerProcess[];
  readonly pagers: readonly Pager[];
  readonly neighbours: readonly Neighbour[];
  readonly guestInterfaces: readonly GuestInterface[];
  /** Whence the exporter is scraped, and where it sends alerts: IPv4 addresses. Absent if it does not serve. */
  readonly pagerAddresses?: readonly string[];
  readonly daemons: readonly Daemon[];
  readonly blockDevices: readonly BlockDevice[];
  readonly deviceTraffic: readonly DeviceTraffic[];
  readonly volumeMounts: readonly VolumeMount[];
  readonly volumeUsages: readonly VolumeUsage[];
  readonly kernelSettings: readonly KernelSetting[];
  readonly kernelEvents: readonly KernelEvent[];
  readonly unreadable: readonly Unreadable[];
  /** Those of them that are about a pool, while it is not known about which one. One record a kind. */
  readonly unassignedEvents: readonly EventSum[];
  readonly collectors: readonly CollectorState[];
  /** What was looked for pools, and when: a pool that none of these reports is not there. */
  readonly coverage: readonly Coverage[];
  /** The number of pools that options leave out; absent if they leave out none. */
  readonly excludedPools?: number;
  /** Absent if kernel events are not read. */
  readonly events?: EventsState;
  /** Absent unless exclusive space is measured. */
  readonly exclusive?: ExclusiveState;
  /** Absent unless notifications or a heartbeat are sent. */
  readonly notify?: NotifyState;
}

/** A host, what was found in it and how its pools have grown, all of one moment. */
export interface Snapshot {
  readonly host: Host;
  readonly findings: readonly Finding[];
  /** Not reported yet. Empty where a host is read once and nothing is known from before. */
  readonly pending: readonly PendingFinding[];
  readonly trends: readonly PoolTrend[];
  /** Findings that raise no alert, because the operator has muted them. They are in none of the other lists. */
  readonly muted?: readonly MutedFinding[];
  /** Grows with every change. */
  readonly version: number;
}
