import type { Daemon, ExtendPolicy, VolumeGroup } from '../model/facts.ts';
import type { ExtensionStep, Pool, Resource } from '../model/pool.ts';
import { metadataBlockBytes, sectorBytes } from '../model/units.ts';
import { canExtend, extendsAbovePercent, planAutoextend } from './autoextend.ts';
import { obstacleOf } from './vg-room.ts';

/** Why LVM does not extend a pool. */
export type NotExtended = 'not-lvm' | 'off' | 'not-monitored' | 'vg-not-changeable' | 'no-room';
/** What has to be known of LVM, and is not. */
export type UnknownExtension = 'policy' | 'monitoring' | 'vg' | 'layout';

export type Sizes = Readonly<Record<Resource, number>>;

/** The sizes after each extension that LVM makes as the pool fills up, until the VG has no more. */
export interface ExtensionChain {
  readonly sizes: readonly Sizes[];
  /** Why it ends; absent if it was cut because it is long. */
  readonly end?: NotExtended | UnknownExtension;
  /** The extension that does not succeed. */
  readonly failing?: ExtensionStep;
}

/** Far more than any VG has room for: each adds a share of the size. */
const longest = 100;

/** By the rules of `lvextend --use-policies`, with the policy of the pool. `metadataPerByte`: metadata that a byte of data takes. */
export function chainOf(pool: Pool, daemons: readonly Daemon[], metadataPerByte: number): ExtensionChain {
  const end = endOf(pool, daemons);
  const { autoextend, data, metadata, volumeGroup } = pool;
  if (end !== undefined || autoextend === undefined || data === undefined || metadata === undefined)
    return { sizes: [], end: end ?? 'policy' };
  const { thresholdPercent, stepPercent } = autoextend;
  const policy: ExtendPolicy = { thresholdPercent, stepPercent, monitoring: true };
  const sizes: Sizes[] = [];
  let now: Sizes = { data: data.sizeBytes, metadata: metadata.sizeBytes };
  let group = volumeGroup;
  const grown = new Set<Resource>(['data', 'metadata']);
  while (sizes.length < longest) {
    const until = (resource: Resource): number => {
      const space = resource === 'data' ? data : metadata;
      const percent = extendsAbovePercent(autoextend, resource, now[resource]) ?? 100;
      const left = (now[resource] * percent) / 100 - space.usedBytes;
      return resource === 'data' ? left : left / metadataPerByte;
    };
    const [next] = [...grown].sort((one, other) => until(one) - until(other));
    if (next === undefined) return { sizes, end: 'no-room' };
    const step = stepOf(resized(pool, now, group), policy, next);
    if (step === undefined) {
      grown.delete(next);
      continue;
    }
    if (step.neededBytes === undefined || step.shortfallBytes === undefined)
      return { sizes, end: 'layout', failing: step };
    if (step.shortfallBytes > 0) return { sizes, end: 'no-room', failing: step };
    now = { ...now, [next]: now[next] + step.stepBytes };
    group = group && takenFrom(group, step.neededBytes, pool.layouts?.[next]?.areas ?? 1);
    sizes.push(now);
  }
  return { sizes };
}

function endOf(
  { owner, autoextend, lvm, lvmLastKnown, roomOutdated, volumeGroup }: Pool,
  daemons: readonly Daemon[],
): NotExtended | UnknownExtension | undefined {
  if (owner !== 'lvm') return 'not-lvm';
  if (autoextend === undefined || lvmLastKnown === true) return 'policy';
  if (!autoextend.enabled || autoextend.stepPercent === 0) return 'off';
  if (lvm?.monitored === false || canExtend(daemons) === false) return 'not-monitored';
  if (lvm?.monitored === undefined) return 'monitoring';
  if (volumeGroup === undefined || roomOutdated === true) return 'vg';
  return obstacleOf(volumeGroup) === undefined ? undefined : 'vg-not-changeable';
}

/** The step of a pool that has just passed its threshold. */
function stepOf(pool: Pool, policy: ExtendPolicy, resource: Resource): ExtensionStep | undefined {
  return planAutoextend(pool, policy).steps.find((step) => step.resource === resource);
}

/** The pool with other sizes, without usage: its next step is then the one at the threshold. */
function resized(pool: Pool, sizes: Sizes, volumeGroup: VolumeGroup | undefined): Pool {
  const { counters, lvm, spare, volumeGroup: _group, ...rest } = pool;
  const spareBytes =
    spare && Math.max(spare.sizeBytes, sizes.metadata > (pool.metadata?.sizeBytes ?? 0) ? sizes.metadata : 0);
  return {
    ...rest,
    ...(volumeGroup && { volumeGroup }),
    ...(spare && spareBytes !== undefined && { spare: { ...spare, sizeBytes: spareBytes } }),
    ...(pool.lengthSectors !== undefined && { lengthSectors: sizes.data / sectorBytes }),
    ...(counters && {
      counters: {
        ...counters,
        dataUsedBlocks: 0,
        metadataUsedBlocks: 0,
        metadataBlocks: Math.floor(sizes.metadata / metadataBlockBytes),
      },
    }),
    ...(lvm && {
      lvm: {
        ...lvm,
        sizeBytes: sizes.data,
        dataPercent: 0,
        metadataPercent: 0,
        ...metadataSize(pool, sizes),
      },
    }),
  };
}

/** An LV of more than the kernel can use keeps its size: it does not grow. */
function metadataSize({ lvm, metadata }: Pool, sizes: Sizes) {
  if (lvm?.metadataSizeBytes === undefined) return {};
  const grown = sizes.metadata - (metadata?.sizeBytes ?? sizes.metadata);
  return { metadataSizeBytes: lvm.metadataSizeBytes + grown };
}

/** Equally from the PVs with the most, one for each area: LVM spreads a layout over different PVs. */
function takenFrom(group: VolumeGroup, bytes: number, areas: number): VolumeGroup {
  const freeBytes = Math.max(0, group.freeBytes - bytes);
  if (group.pvs === undefined) return { ...group, freeBytes };
  let rest = bytes;
  const usable = group.pvs
    .filter(({ allocatable, missing }) => allocatable && !missing)
    .sort((one, other) => other.freeBytes - one.freeBytes);
  const taken = new Map<object, number>();
  for (const [at, pv] of usable.entries()) {
    const share =
      at < areas && areas > 1 ? Math.min(pv.freeBytes, bytes / areas) : Math.min(pv.freeBytes, rest);
    const take = Math.min(rest, share);
    taken.set(pv, take);
    rest -= take;
  }
  return {
    ...group,
    freeBytes,
    pvs: group.pvs.map((pv) => ({ ...pv, freeBytes: pv.freeBytes - (taken.get(pv) ?? 0) })),
  };
}
