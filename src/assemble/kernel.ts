import type { DeviceNumber, Facts, KernelEvent } from '../model/facts.ts';
import { dmKernelName } from '../model/names.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { ActivePool, EventSum, Pool, Volume } from '../model/pool.ts';
import { endedByActivation, failedActivation } from '../thinpool/ended-by-activation.ts';
import { isMeantInactive } from '../thinpool/inactive.ts';
import { type EventDevices, mapDevices } from './event-devices.ts';

/** Retry policies of file systems on these volumes. */
export function retryPoliciesOf(volumes: readonly Volume[], facts: Facts): Pool['retryPolicies'] {
  if (facts.retryPolicies.length === 0) return [];
  const names = new Map(volumes.map((volume) => [dmKernelName(volume.device), volume.name]));
  return facts.retryPolicies.flatMap((policy) => {
    const volume = names.get(policy.kernelName);
    return volume === undefined ? [] : [{ ...policy, volume }];
  });
}

/** What is needed of a pool to say which messages are about it. */
export type EventPool = Pick<ActivePool, 'device' | 'stack' | 'volumeGroup'>;

/** Kernel messages by the pool that they are about. */
export interface AssignedEvents {
  readonly byPool: ReadonlyMap<DeviceNumber, readonly EventSum[]>;
  /** By the name of a pool without a device. */
  readonly bySuspect: ReadonlyMap<string, readonly EventSum[]>;
  /** About a pool, but it is not known about which one; or about one that is not there. */
  readonly unassigned: readonly EventSum[];
}

/** What is needed of a pool that is not active to say whether a message is about its activation. */
export type Suspect = Pick<Pool, 'name' | 'lvm'>;

/** The pools that are not active, and what their absence says of a message about a device that is not there. */
export interface Absentees {
  /**
   * The pools that a failed activation may be about: those that should be active and are not. None while a pool may be
   * active without being seen, because then a message may be about that one.
   */
  readonly suspects: readonly Suspect[];
  /** Every pool that is reported is active: a number that no pool has now was that of a pool that is gone. */
  readonly areNone: boolean;
}

export function absenteesOf(withoutDevice: readonly Pool[], discovered: boolean): Absentees {
  const isUnseen = withoutDevice.some(({ presence }) => presence === 'unseen');
  return {
    suspects: isUnseen ? [] : withoutDevice.filter((pool) => !isMeantInactive(pool)),
    areNone: discovered && withoutDevice.length === 0,
  };
}

/**
 * A message belongs to the pool that it names, on which the device that it names stands, or under which that device is;
 * to several where they share a disk. One that names no device belongs to the only pool that it can be about. A failed
 * activation belongs to the only pool that should be active and is not. What a pool said while it was active, and that has
 * been removed or given another number since, belongs to no pool: an activation checks the metadata.
 */
export function assignEvents(
  pools: readonly EventPool[],
  facts: Facts,
  { suspects, areNone }: Absentees,
): AssignedEvents {
  if (facts.kernelEvents.length === 0) return { byPool: new Map(), bySuspect: new Map(), unassigned: [] };
  const devices = mapDevices(pools, facts);
  const byPool = new Map<DeviceNumber, KernelEvent[]>();
  const ofSuspect: KernelEvent[] = [];
  const unassigned: KernelEvent[] = [];
  const [suspect, ...others] = suspects;
  for (const event of facts.kernelEvents) {
    const found = findPools(event, devices, suspects.length);
    if (found === 'gone' && areNone && isOver(event, pools, devices)) continue;
    if (found === 'gone' && suspect !== undefined && others.length === 0 && isAfterCreation(event, suspect)) {
      ofSuspect.push(event);
    } else if (found !== 'unassigned' && found !== 'gone') {
      for (const { pool, event: its } of found) byPool.set(pool, [...(byPool.get(pool) ?? []), its]);
    } else if (!ofNobody.has(event.kind)) unassigned.push(event);
  }
  const labelOf = ({ kernelName, device }: KernelEvent) => devices.labelOf(kernelName ?? device);
  const labelIn = (pool: DeviceNumber) => (event: KernelEvent) =>
    event.device === pool ? undefined : labelOf(event);
  return {
    byPool: new Map([...byPool].map(([pool, events]) => [pool, sumByKind(events, labelIn(pool))])),
    bySuspect: new Map(
      suspect === undefined || ofSuspect.length === 0 ? [] : [[suspect.name, sumByKind(ofSuspect, labelOf)]],
    ),
    unassigned: sumByKind(unassigned, labelOf),
  };
}

/**
 * Whether every pool being active ends what a message says of one that is not there now. A failed activation is over once LVM
 * has activated a pool after it. A pool that LVM does not manage is seen only while it is active: next to one, it may be the one.
 */
function isOver(event: KernelEvent, pools: readonly EventPool[], { isYounger }: EventDevices): boolean {
  if (endedByActivation.has(event.kind)) return true;
  return (
    failedActivation.has(event.kind) &&
    pools.every(({ volumeGroup }) => volumeGroup !== undefined) &&
    pools.some(({ device }) => isYounger(device, event))
  );
}

function isAfterCreation({ lastAt, driftMs = 0 }: KernelEvent, { lvm }: Suspect): boolean {
  return lastAt + driftMs >= (lvm?.createdAt ?? 0);
}

/** `gone`: about the activation of a pool that is not there now. */
type Found = 'unassigned' | 'gone' | readonly KernelEventOf[];

interface KernelEventOf {
  readonly pool: DeviceNumber;
  readonly event: KernelEvent;
}

/** Kinds that need no action, wherever they belong. */
const ofNobody: ReadonlySet<string> = new Set([
  'other_storage',
  'records_lost',
  'hung_task_any',
  'discard_not_passed',
]);

/** Kinds that say why a pool could not be activated. Where they name a device it is the pool's own. */
const ofActivation: ReadonlySet<string> = new Set([
  ...failedActivation,
  ...endedByActivation,
  'metadata_damaged',
]);

function findPools(event: KernelEvent, devices: EventDevices, suspects: number): Found {
  const { device, kernelName, pool, among, kind } = event;
  // The number is given to another device as soon as the activation has failed.
  if (ofActivation.has(kind) && device !== undefined && !devices.isPool(device)) return 'gone';
  if (pool !== undefined)
    return devices.isPool(pool) && !devices.isYounger(pool, event) ? [{ pool, event }] : [];
  const number = device ?? devices.numberOf(kernelName);
  const name = kernelName ?? devices.nameOf(device);
  if (number !== undefined && devices.isYounger(number, event))
    return among !== 'pools' || devices.isPool(number) ? [] : 'unassigned';
  if (number !== undefined && devices.isPool(number)) return [{ pool: number, event }];
  const on = number === undefined ? [] : devices.poolsUnder(number);
  const under = name === undefined || !isHeldUpBy(event, name) ? [] : devices.poolsOver(name);
  if (on.length + under.length > 0)
    return [
      ...on.map((one) => ({ pool: one, event })),
      ...under.map((one) => ({ pool: one, event: asUnder(event) })),
    ];
  return number === undefined && name === undefined
    ? findUnnamed(event, devices, suspects)
    : findStranger(event, name, devices);
}

function findUnnamed(event: KernelEvent, devices: EventDevices, suspects: number): Found {
  const { among, kind } = event;
  if (among === undefined) return kind === hungTask ? 'unassigned' : [];
  const { pools, areAll } = devices.candidates(among);
  const [only] = pools;
  if (ofActivation.has(kind) && suspects > 0) return only === undefined && areAll ? 'gone' : 'unassigned';
  if (pools.length === 1 && only !== undefined && areAll) return [{ pool: only, event }];
  // A loop device or VDO volume under no pool is no matter of ours; metadata that is damaged always is.
  return among === 'pools' || pools.length > 0 ? 'unassigned' : [];
}

/** A device that is on no pool and under none, as far as is known. */
function findStranger({ kind, among }: KernelEvent, name: string | undefined, devices: EventDevices): Found {
  if (among === 'pools') return 'unassigned';
  // Writeback of a disk: it is the disk of a pool, and of who knows what else.
  if (kind === hungTask && name !== undefined && devices.poolsOver(name).length > 0) return 'unassigned';
  return ofDevices.has(kind) && !devices.isComplete ? 'unassigned' : [];
}

const hungTask = 'hung_task';

/** Kinds that may be about a disk or what lies between it and a pool. */
const ofDevices: ReadonlySet<string> = new Set([
  hungTask,
  'block_error',
  'block_no_space',
  'buffer_error',
  'cache_error',
  'disk_error',
  'integrity_error',
  'path_failed',
  'raid_disk_failed',
  'raid_error',
]);

/** A task that hangs on a whole disk may be of any pool. What device-mapper, md and loop make is mostly there for one user. */
function isHeldUpBy({ kind }: KernelEvent, name: string): boolean {
  return kind !== hungTask || /^(?:dm-|md|loop)/.test(name);
}

/** Below a pool no file system has lost anything yet: a RAID may still have it. */
function asUnder(event: KernelEvent): KernelEvent {
  return event.kind === 'lost_write' ? { ...event, kind: 'buffer_error' } : event;
}

/** One record a kind, in the order of the kinds. */
function sumByKind(
  events: readonly KernelEvent[],
  labelOf: (event: KernelEvent) => string | undefined,
): EventSum[] {
  const byKind = new Map<string, EventSum>();
  for (const event of events) {
    const { kind, count, lastAt, driftMs } = event;
    const before = byKind.get(kind);
    const latest = before !== undefined && before.lastAt > lastAt ? before : { lastAt, driftMs };
    const label = labelOf(event);
    const devices = new Set([...(before?.devices ?? []), ...(label === undefined ? [] : [label])]);
    byKind.set(kind, {
      kind,
      count: count + (before?.count ?? 0),
      devices: [...devices].sort(),
      ...omitUndefined({ lastAt: latest.lastAt, driftMs: latest.driftMs }),
    });
  }
  return [...byKind.values()].sort((one, other) => (one.kind < other.kind ? -1 : 1));
}
