import type { Daemon, ExtendPolicy, VolumeGroup } from '../model/facts.ts';
import type { Autoextend, ExtensionStep, Pool, Resource } from '../model/pool.ts';
import { metadataBlockBytes, metadataBlocksMax, sectorBytes } from '../model/units.ts';

type GrowingPool = Pick<Pool, 'lengthSectors' | 'counters' | 'lvm' | 'volumeGroup'>;

/**
 * The VG space that `lvextend --use-policies`, run by dmeventd, needs for its next extension (lvm2 lib/metadata/lv_manip.c,
 * _adjust_amount; the same since 2.02.131, the extra point of metadata since 2.03.11). It is
 * all or nothing. Not enabled: LVM does not try. A stepPercent of 0: it tries and always fails, so there is no step.
 */
export function planAutoextend(pool: GrowingPool, policy: ExtendPolicy): Autoextend {
  const { stepPercent, monitoring } = policy;
  // LVM raises anything lower to 50, with a warning.
  const thresholdPercent = Math.max(50, policy.thresholdPercent);
  const watched = monitoring !== false || pool.lvm?.monitored === true;
  const enabled = thresholdPercent < 100 && watched;
  const steps = enabled && stepPercent > 0 ? [dataStep, metadataStep] : [];
  return {
    thresholdPercent,
    stepPercent,
    enabled,
    steps: steps.flatMap((step) => step(pool, thresholdPercent, stepPercent)),
  };
}

type Step = (pool: GrowingPool, thresholdPercent: number, stepPercent: number) => readonly ExtensionStep[];

const dataStep: Step = (pool, thresholdPercent, stepPercent) => {
  const percent = extensionPercent(dataPercent(pool), thresholdPercent, stepPercent);
  const stepBytes = percentOfSize(pool.lengthSectors * sectorBytes, percent, pool.volumeGroup);
  return [{ resource: 'data', stepBytes, ...need(stepBytes, pool.volumeGroup) }];
};

/**
 * One percentage point more than data, because growing takes metadata, and twice in the VG: the spare for repairs grows
 * with it (lvm2 lib/metadata/pool_manip.c, since 2.03.03). No step at the kernel's size limit.
 */
const metadataStep: Step = (pool, thresholdPercent, stepPercent) => {
  const { counters, volumeGroup } = pool;
  const size = pool.lvm?.metadataSizeBytes ?? (counters && counters.metadataBlocks * metadataBlockBytes);
  if (size === undefined || size >= metadataMaxBytes) return [];
  const threshold = Math.min(thresholdPercent, metadataThresholdPercent(size));
  const percent = extensionPercent(metadataPercent(pool), threshold, stepPercent) + 1;
  const most = roundUpToExtents(metadataMaxBytes - size, volumeGroup);
  const stepBytes = Math.min(most, percentOfSize(size, percent, volumeGroup));
  return [{ resource: 'metadata', stepBytes, ...need(2 * stepBytes, volumeGroup) }];
};

const metadataMaxBytes = metadataBlocksMax * metadataBlockBytes;

/**
 * Usage above which LVM extends metadata regardless of the policy: 4 MiB must be free, or a quarter if that is less
 * (lvm2 lib/metadata/thin_manip.c, thin_pool_metadata_min_threshold). Whole percents.
 */
function metadataThresholdPercent(sizeBytes: number): number {
  return Math.floor(100 - Math.min(25, (100 * 4 * 1024 ** 2) / sizeBytes));
}

/** Usage in percent above which LVM extends a resource of this size; undefined if it does not. */
export function extendsAbovePercent(
  { enabled, stepPercent, thresholdPercent }: Autoextend,
  resource: Resource,
  sizeBytes: number,
): number | undefined {
  if (!enabled || stepPercent === 0) return undefined;
  return resource === 'data'
    ? thresholdPercent
    : Math.min(thresholdPercent, metadataThresholdPercent(sizeBytes));
}

/** Percent of the LV to add: the policy's step, or what brings usage below the threshold if that is more. */
function extensionPercent(
  usedPercent: number | undefined,
  thresholdPercent: number,
  stepPercent: number,
): number {
  const used = Math.max(usedPercent ?? 0, thresholdPercent);
  // In LVM's own units of a millionth, so that no fraction is lost.
  const toThreshold = Math.ceil(Math.floor(used * 1e6) / (thresholdPercent * 1e4)) - 100;
  return Math.max(stepPercent, toThreshold);
}

function dataPercent({ counters, lvm }: GrowingPool): number | undefined {
  return counters === undefined ? lvm?.dataPercent : (100 * counters.dataUsedBlocks) / counters.dataBlocks;
}

function metadataPercent({ counters, lvm }: GrowingPool): number | undefined {
  return counters === undefined
    ? lvm?.metadataPercent
    : (100 * counters.metadataUsedBlocks) / counters.metadataBlocks;
}

function percentOfSize(sizeBytes: number, percent: number, group: VolumeGroup | undefined): number {
  return roundUpToExtents(Math.ceil((sizeBytes * percent) / 100), group);
}

/** Not rounded to extents if the VG, and so its extent size, is unknown. */
function roundUpToExtents(bytes: number, group: VolumeGroup | undefined): number {
  return group === undefined ? bytes : Math.ceil(bytes / group.extentBytes) * group.extentBytes;
}

function need(
  neededBytes: number,
  group: VolumeGroup | undefined,
): Pick<ExtensionStep, 'neededBytes' | 'shortfallBytes'> {
  if (group === undefined) return { neededBytes };
  return { neededBytes, shortfallBytes: Math.max(0, neededBytes - group.freeBytes) };
}

/** Whether dmeventd, which extends pools, is running and responsive; undefined if its state was not read. */
export function canExtend(daemons: readonly Daemon[]): boolean | undefined {
  const daemon = daemons.find(({ name }) => name === 'dmeventd');
  return daemon === undefined ? undefined : daemon.running && !daemon.frozen;
}

/** The smallest possible extension with the present sizes: the step exactly at the threshold. */
export interface FirstExtension {
  readonly resource: Resource;
  readonly neededBytes: number;
  readonly freeBytes: number;
  /** Shares of the whole VG, 0..1. */
  readonly neededRatio: number;
  readonly freeRatio: number;
  /** False: no extension can succeed before the VG gains space. */
  readonly fits: boolean;
}

type SetUp = Pick<Pool, 'lengthSectors' | 'counters' | 'lvm' | 'volumeGroup' | 'autoextend'>;

/**
 * Whether the pool's layout leaves room for autoextension. The common 95% of the VG for data and 1% for metadata with an
 * 80/20 policy does not: the first step is 19% of the VG, and 3% is left. Empty if LVM does not extend the pool, or its VG
 * is unknown.
 */
export function firstExtensions(pool: SetUp): readonly FirstExtension[] {
  const { autoextend, volumeGroup } = pool;
  if (volumeGroup === undefined || autoextend === undefined || !autoextend.enabled) return [];
  const { freeBytes, sizeBytes } = volumeGroup;
  if (sizeBytes === 0) return [];
  return planAutoextend(atThreshold(pool), autoextend).steps.map(({ resource, neededBytes }) => ({
    resource,
    neededBytes,
    freeBytes,
    neededRatio: neededBytes / sizeBytes,
    freeRatio: freeBytes / sizeBytes,
    fits: neededBytes <= freeBytes,
  }));
}

/** The pool when it exceeds its threshold: sizes without usage. */
function atThreshold({ lengthSectors, counters, lvm, volumeGroup }: SetUp): SetUp {
  return {
    lengthSectors,
    ...(counters && { counters: { ...counters, dataUsedBlocks: 0, metadataUsedBlocks: 0 } }),
    ...(lvm && { lvm: { ...lvm, dataPercent: 0, metadataPercent: 0 } }),
    ...(volumeGroup && { volumeGroup }),
  };
}
