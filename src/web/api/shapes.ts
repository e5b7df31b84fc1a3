import type { CollectorState, QueryState } from '../../model/collector-state.ts';
import type {
  DockerInfo,
  FileSystem,
  Layout,
  LogicalVolume,
  PhysicalVolume,
  PoolCounters,
  PoolTable,
  VolumeGroup,
} from '../../model/facts.ts';
import type { Finding, MutedFinding, PendingFinding, Severity } from '../../model/finding.ts';
import type { FreeSpaceItem } from '../../model/free-space.ts';
import type { MissingPool } from '../../model/host.ts';
import type { PlanFigures, PlanItem } from '../../model/plan.ts';
import type {
  Autoextend,
  EventSum,
  ExtensionStep,
  FastPolling,
  KnownAs,
  LastKnown,
  Lateness,
  MetadataSpare,
  MinimumFree,
  Pool,
  PoolReadTimes,
  ReadTimes,
  Sighting,
  Space,
  StackedDevice,
  Transactions,
  Volume,
  VolumeUse,
} from '../../model/pool.ts';
import type { JudgedLimit } from '../../model/room.ts';
import type { PoolTrend, SpaceTrend, TrendPoint, VolumeGrowth } from '../../model/trend.ts';
import { shape } from './shape.ts';

// The keys that JSON responses promise. docs/interface lists them; removing one needs an entry in the changelog.

const table = shape<PoolTable>()({
  kind: true,
  metadataDevice: true,
  dataDevice: true,
  blockSectors: true,
  lowWaterBlocks: true,
  features: true,
});

const counters = shape<PoolCounters>()({
  transactionId: true,
  metadataUsedBlocks: true,
  metadataBlocks: true,
  dataUsedBlocks: true,
  dataBlocks: true,
  heldMetadataRoot: true,
  mode: true,
  discard: true,
  noSpace: true,
  needsCheck: true,
  metadataLowWaterBlocks: true,
});

const readTimes = shape<ReadTimes>()({ startedAt: true, finishedAt: true, expiresAt: true });

const space = shape<Space>()({
  origin: true,
  blocks: true,
  usedBlocks: true,
  blockBytes: true,
  roundingBytes: true,
  sizeBytes: true,
  usedBytes: true,
  freeBytes: true,
  availableBytes: true,
});

const minimumFree = shape<MinimumFree>()({ resource: true, origin: true, bytes: true });

const volume = shape<Volume>()({
  name: true,
  device: true,
  deviceId: true,
  suspended: true,
  sizeBytes: true,
  mappedBytes: true,
  state: true,
  origin: true,
  lvName: true,
  knownAs: shape<KnownAs>()({ kind: true, name: true, image: true }),
  use: shape<VolumeUse>()({
    owner: true,
    role: true,
    consumer: true,
    id: true,
    project: true,
    name: true,
    snapshot: true,
    pod: true,
  }),
});

const logicalVolume = shape<LogicalVolume>()({
  vgName: true,
  lvName: true,
  vgUuid: true,
  lvUuid: true,
  role: true,
  sizeBytes: true,
  metadataSizeBytes: true,
  chunkSizeBytes: true,
  dataPercent: true,
  metadataPercent: true,
  health: true,
  checkNeeded: true,
  suspended: true,
  whenFull: true,
  profile: true,
  poolLv: true,
  origin: true,
  thinCount: true,
  transactionId: true,
  monitored: true,
  active: true,
  skipsActivation: true,
  autoactivated: true,
  createdAt: true,
  roundedSize: shape<NonNullable<LogicalVolume['roundedSize']>>()({ bytes: true, roundingBytes: true }),
  unknownSegments: true,
});

const volumeGroup = shape<VolumeGroup>()({
  vgName: true,
  vgUuid: true,
  sizeBytes: true,
  freeBytes: true,
  extentBytes: true,
  pvCount: true,
  missingPvCount: true,
  shared: true,
  autoactivated: true,
  pvNames: true,
  pvs: shape<PhysicalVolume>()({ name: true, freeBytes: true, allocatable: true, missing: true }),
  readOnly: true,
  exported: true,
  partial: true,
  unknownSegments: true,
  label: true,
});

const layout = shape<Layout>()({ areas: true, dataAreas: true });

const autoextend = shape<Autoextend>()({
  thresholdPercent: true,
  stepPercent: true,
  enabled: true,
  steps: shape<ExtensionStep>()({
    resource: true,
    stepBytes: true,
    neededBytes: true,
    shortfallBytes: true,
  }),
});

const dockerInfo = shape<DockerInfo>()({
  kind: true,
  version: true,
  driver: true,
  poolName: true,
  poolUnreadable: true,
  blockSizeBytes: true,
  dataUsedBytes: true,
  dataSizeBytes: true,
  dataAvailableBytes: true,
  metadataUsedBytes: true,
  metadataSizeBytes: true,
  metadataAvailableBytes: true,
  minimumFreeBytes: true,
  dataLoopFile: true,
  metadataLoopFile: true,
  loopback: true,
  deferredRemoval: true,
  deferredDeletion: true,
  deferredDeletedDevices: true,
  backingFileSystem: true,
  baseDeviceSizeBytes: true,
});

const stackedDevice = shape<StackedDevice>()({
  resource: true,
  depth: true,
  device: true,
  name: true,
  sizeBytes: true,
  backingFile: true,
  target: true,
  layer: true,
});

const backing = shape<Pool['backing'][number]>()({
  resource: true,
  file: true,
  fileSystem: shape<FileSystem>()({ path: true, type: true, sizeBytes: true, freeBytes: true }),
  sizeBytes: true,
  allocatedBytes: true,
  isWhole: true,
});

const kernelEvent = shape<EventSum>()({
  kind: true,
  count: true,
  lastAt: true,
  driftMs: true,
  devices: true,
});

export const poolShape = shape<Pool>()({
  name: true,
  dmName: true,
  uuid: true,
  presence: true,
  sightings: shape<Sighting>()({ by: true, coveredAt: readTimes, namedAt: readTimes }),
  readAt: shape<PoolReadTimes>()({ status: readTimes, lvm: readTimes, volumeGroup: readTimes }),
  device: true,
  owner: true,
  vgName: true,
  lvName: true,
  suspended: true,
  openCount: true,
  eventNumber: true,
  table,
  lengthSectors: true,
  state: true,
  statusTakenAt: true,
  counters,
  data: space,
  metadata: space,
  minimumFrees: minimumFree,
  minimumFreeReportedAt: true,
  volumes: volume,
  volumesTakenAt: true,
  volumeCount: true,
  inactiveVolumeCount: true,
  provisionedBytes: true,
  lvm: logicalVolume,
  volumeGroup,
  layouts: shape<NonNullable<Pool['layouts']>>()({ data: layout, metadata: layout }),
  spare: shape<MetadataSpare>()({ sizeBytes: true, largestOtherBytes: true }),
  autoextend,
  dockerInfo,
  stack: stackedDevice,
  backing,
  retryPolicies: shape<Pool['retryPolicies'][number]>()({
    kernelName: true,
    enospcMaxRetries: true,
    failAtUnmount: true,
    volume: true,
  }),
  kernelEvents: kernelEvent,
  late: shape<Lateness>()({ collector: true, since: true, degree: true }),
  lastKnown: shape<LastKnown>()({ state: true, counters, takenAt: true }),
  extensions: shape<Pool['extensions']>()({ data: true, metadata: true }),
  fastPolling: shape<FastPolling>()({ why: true, intervalMs: true, eventAt: true }),
  appearedAt: true,
  lvmLastKnown: true,
  transactions: shape<Transactions>()({ kernel: true, lvm: true }),
});

export const missingPoolShape = shape<MissingPool>()({ name: true, uuid: true, lastSeenAt: true });

const volumeGrowth = shape<VolumeGrowth>()({ volume: true, bytesPerSecond: true, mappedBytes: true });

const spaceTrend = shape<SpaceTrend>()({
  points: shape<TrendPoint>()({ at: true, usedBytes: true, sizeBytes: true, afterGap: true }),
  bytesPerSecond: true,
  secondsToMinimumFree: true,
  secondsToFull: true,
  overMs: true,
});

export const trendShape = shape<PoolTrend>()({
  pool: true,
  data: spaceTrend,
  metadata: spaceTrend,
  fastest: volumeGrowth,
});

/** Of a pool whose volumes were read twice: what grew, or why that is not known. */
export const growthShape = shape<{
  readonly pool: string;
  readonly overMs?: number;
  readonly fastest?: readonly VolumeGrowth[];
  readonly failure?: string;
}>()({ pool: true, overMs: true, fastest: volumeGrowth, failure: true });

const finding = {
  code: true,
  severity: true,
  severityWas: true,
  severityBecause: true,
  pool: true,
  resource: true,
  target: true,
  collector: true,
  vg: true,
  summary: true,
  advice: true,
  runbook: true,
  lastKnown: true,
  since: true,
  secondsLeft: true,
} as const;

export const findingShape = shape<Finding>()(finding);

export const pendingShape = shape<PendingFinding>()({ ...finding, reportedAt: true });

export const mutedShape = shape<MutedFinding>()({ ...finding, mutedUntil: true, mutedBecause: true });

/** The limits in force, in the units of their options. */
export interface Limits {
  /** `--nearly-full.warning` */
  readonly nearlyFullWarningPercent: number;
  /** `--nearly-full.critical`; absent: by the share and the bytes that are left. */
  readonly nearlyFullCriticalPercent?: number;
  /** `--runs-out.within` */
  readonly runsOutWithinSeconds: number;
  /** `--lvm-refusal.severity` */
  readonly lvmRefusalSeverity: Severity;
}

export const limitsShape = shape<Limits>()({
  nearlyFullWarningPercent: true,
  nearlyFullCriticalPercent: true,
  runsOutWithinSeconds: true,
  lvmRefusalSeverity: true,
});

const query = shape<QueryState>()({
  key: true,
  about: true,
  startedAt: true,
  finishedAt: true,
  lastSuccessAt: true,
  lastDurationMs: true,
  stuckSince: true,
  blocked: true,
  note: true,
  outcome: true,
  failure: true,
  variant: true,
  rests: true,
});

export const collectorShape = shape<CollectorState>()({
  name: true,
  mode: true,
  discovers: true,
  status: true,
  intervalMs: true,
  maxAgeMs: true,
  queries: query,
  lastSuccessAt: true,
  lastDurationMs: true,
  stuckSince: true,
  blocked: true,
  finishedQueries: true,
  failures: true,
});

export const roomFields = {
  pool: true,
  bytes: true,
  newVolume: true,
  verdict: true,
  reason: true,
  leftBytes: true,
  limits: shape<JudgedLimit>()({
    resource: true,
    limit: true,
    origin: true,
    leftBytes: true,
    isHit: true,
    unknown: true,
  }),
  newVolumes: true,
  extensions: true,
  growthBytesPerSecond: true,
} as const;

export const planFields = {
  pool: true,
  items: shape<PlanItem>()({
    topic: true,
    state: true,
    message: true,
    commands: true,
    figures: shape<PlanFigures>()({
      thresholdPercent: true,
      stepPercent: true,
      extensions: true,
      sizeBytes: true,
      wantedBytes: true,
      shortfallBytes: true,
      growthBytesPerDay: true,
      secondsLeft: true,
    }),
  }),
} as const;

export const topFields = {
  pool: true,
  usedBytes: true,
  obstacle: true,
  advice: true,
  items: shape<FreeSpaceItem>()({
    kind: true,
    name: true,
    describedAs: true,
    active: true,
    mountPoint: true,
    snapshotOf: true,
    createdAt: true,
    bytes: true,
    bound: true,
    measuredAt: true,
    action: true,
  }),
  omitted: true,
} as const;
