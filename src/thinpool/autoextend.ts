import type { Daemon, ExtendPolicy, Layout, VolumeGroup } from '../model/facts.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Autoextend, ExtensionStep, Pool, Resource } from '../model/pool.ts';
import { metadataBlockBytes, metadataBlocksMax, sectorBytes } from '../model/units.ts';
import { allocatableBytes, shortfallOf } from './vg-room.ts';

const leastThreshold = 50;

type GrowingPool = Pick<Pool, 'lengthSectors' | 'counters' | 'lvm' | 'volumeGroup' | 'layouts' | 'spare'>;

/**
 * The VG space that `lvextend --use-policies`, run by dmeventd, needs for its next extension (lvm2 lib/metadata/lv_manip.c,
 * _adjust_amount; the same since 2.02.131, the extra point of metadata since 2.03.11). It is
 * all or nothing. Not enabled: LVM does not try. A stepPercent of 0: it tries and always fails, so there is no step.
 */
export function planAutoextend(pool: GrowingPool, policy: ExtendPolicy): Autoextend {
  const { stepPercent, monitoring } = policy;
  // LVM raises anything lower to 50, with a warning, but only where it extends.
  const thresholdPercent = Math.max(leastThreshold, policy.thresholdPercent);
  const isRaised = thresholdPercent > policy.thresholdPercent;
  const watched = monitoring !== false || pool.lvm?.monitored === true;
  const enabled = thresholdPercent < 100 && watched;
  const steps = enabled && stepPercent > 0 ? [dataStep, metadataStep] : [];
  return {
    thresholdPercent,
    ...(isRaised && { configuredPercent: policy.thresholdPercent }),
    stepPercent,
    enabled,
    steps: steps.flatMap((step) => step(pool, thresholdPercent, stepPercent)),
  };
}

type Step = (pool: GrowingPool, thresholdPercent: number, stepPercent: number) => readonly ExtensionStep[];

const dataStep: Step = (pool, thresholdPercent, stepPercent) => {
  const sizeBytes = pool.lengthSectors === undefined ? pool.lvm?.sizeBytes : pool.lengthSectors * sectorBytes;
  if (sizeBytes === undefined) return [];
  const percent = extensionPercent(dataPercent(pool), thresholdPercent, stepPercent);
  const bytes = percentOfSize(sizeBytes, percent, pool.volumeGroup);
  return [{ resource: 'data', ...need(bytes, pool, pool.layouts?.data) }];
};

/** One percentage point more than data, because growing takes metadata. No step at the kernel's size limit. */
const metadataStep: Step = (pool, thresholdPercent, stepPercent) => {
  const { counters, volumeGroup } = pool;
  const size = pool.lvm?.metadataSizeBytes ?? (counters && counters.metadataBlocks * metadataBlockBytes);
  if (size === undefined || size >= metadataMaxBytes) return [];
  const threshold = Math.min(thresholdPercent, metadataThresholdPercent(size));
  const percent = extensionPercent(metadataPercent(pool), threshold, stepPercent) + 1;
  const most = roundUpToExtents(metadataMaxBytes - size, volumeGroup);
  const bytes = Math.min(most, percentOfSize(size, percent, volumeGroup));
  const grown = need(bytes, pool, pool.layouts?.metadata, (stepBytes) => spareGrowth(pool, size, stepBytes));
  return [{ resource: 'metadata', ...grown }];
};

/**
 * The spare for repairs is to be as large as the largest metadata in the VG (lvm2 lib/metadata/pool_manip.c,
 * handle_pool_metadata_spare, since 2.03.03). Where it is not known it is taken to be so now, and to grow along.
 */
export function spareGrowth(
  { spare, volumeGroup }: Pick<GrowingPool, 'spare' | 'volumeGroup'>,
  sizeBytes: number,
  stepBytes: number,
): number {
  if (spare === undefined) return stepBytes;
  const wanted = Math.max(sizeBytes + stepBytes, spare.largestOtherBytes);
  return roundUpToExtents(Math.max(0, wanted - spare.sizeBytes), volumeGroup);
}

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

/** Use of the resource is above what LVM would extend it at. */
export function isPastThreshold(pool: Pool, resource: Resource): boolean {
  const space = pool[resource];
  const threshold =
    space && pool.autoextend && extendsAbovePercent(pool.autoextend, resource, space.sizeBytes);
  return threshold !== undefined && (100 * (space?.usedBytes ?? 0)) / (space?.sizeBytes ?? 1) > threshold;
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
  return group === undefined ? Math.ceil(bytes) : Math.ceil(bytes / group.extentBytes) * group.extentBytes;
}

/** What a step of a number of bytes takes: rounded up to the same number of extents for each area of the layout. */
function need(
  bytes: number,
  { volumeGroup }: GrowingPool,
  layout: Layout | undefined,
  elseOf: (stepBytes: number) => number = () => 0,
): Omit<ExtensionStep, 'resource'> {
  if (layout === undefined) return { stepBytes: bytes };
  const areaBytes = roundUpToExtents(bytes / layout.dataAreas, volumeGroup);
  const stepBytes = areaBytes * layout.dataAreas;
  const elseBytes = elseOf(stepBytes);
  const shortfallBytes = volumeGroup && shortfallOf(volumeGroup, layout, areaBytes, elseBytes);
  return omitUndefined({ stepBytes, neededBytes: areaBytes * layout.areas + elseBytes, shortfallBytes });
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
  /** What LVM can allocate, or the VG counts as free where that is not known. */
  readonly freeBytes: number;
  readonly shortfallBytes: number;
  /** Shares of the whole VG, 0..1. */
  readonly neededRatio: number;
  readonly freeRatio: number;
  /** False: no extension can succeed before the VG gains space. */
  readonly fits: boolean;
}

type SetUp = GrowingPool & Pick<Pool, 'autoextend'>;

/**
 * Whether the pool's layout leaves room for autoextension. The common 95% of the VG for data and 1% for metadata with an
 * 80/20 policy does not: the first step is 19% of the VG, and 3% is left. Empty if LVM does not extend the pool, or its VG
 * is unknown.
 */
export function firstExtensions(pool: SetUp): readonly FirstExtension[] {
  const { autoextend, volumeGroup } = pool;
  if (volumeGroup === undefined || autoextend === undefined || !autoextend.enabled) return [];
  const { sizeBytes } = volumeGroup;
  const freeBytes = allocatableBytes(volumeGroup) ?? volumeGroup.freeBytes;
  if (sizeBytes === 0) return [];
  return planAutoextend(atThreshold(pool), autoextend).steps.flatMap(
    ({ resource, neededBytes, shortfallBytes }) =>
      neededBytes === undefined || shortfallBytes === undefined
        ? []
        : [
            {
              resource,
              neededBytes,
              freeBytes,
              neededRatio: neededBytes / sizeBytes,
              freeRatio: freeBytes / sizeBytes,
              shortfallBytes,
              fits: shortfallBytes === 0,
            },
          ],
  );
}

/** The pool when it exceeds its threshold: sizes without usage. */
function atThreshold({ counters, lvm, autoextend: _, ...rest }: SetUp): SetUp {
  return {
    ...rest,
    ...(counters && { counters: { ...counters, dataUsedBlocks: 0, metadataUsedBlocks: 0 } }),
    ...(lvm && { lvm: { ...lvm, dataPercent: 0, metadataPercent: 0 } }),
  };
}
