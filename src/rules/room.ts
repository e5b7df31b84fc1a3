import { formatBytes } from '../format/bytes.ts';
import { formatAge } from '../format/duration.ts';
import { formatRate } from '../format/rate.ts';
import type { Host } from '../model/host.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Pool } from '../model/pool.ts';
import type { JudgedLimit, RoomLimit, RoomVerdict, UnknownRoom, Unwritable } from '../model/room.ts';
import type { PoolTrend } from '../model/trend.ts';
import { secondMs } from '../model/units.ts';
import type { ExtensionChain, NotExtended, UnknownExtension } from '../thinpool/extension-chain.ts';
import { presentGrowth } from '../thinpool/forecast.ts';
import { type Room, roomOf } from '../thinpool/room.ts';
import { lvOf, vgOf } from './commands.ts';
import type { Limits } from './limits.ts';

export interface RoomRequest {
  readonly bytes: number;
  /** A thin volume or snapshot is to be created first. */
  readonly newVolume: boolean;
}

/** What a request is judged by: made once per snapshot. */
export interface RoomBasis {
  readonly pool: Pool;
  readonly room: Room;
  readonly limits: Limits;
  readonly growthBytesPerSecond?: number;
}

export function roomBasis(
  pool: Pool,
  host: Pick<Host, 'daemons'>,
  limits: Limits,
  trend: PoolTrend | undefined,
): RoomBasis {
  return omitUndefined({
    pool,
    room: roomOf(pool, host),
    limits,
    growthBytesPerSecond: presentGrowth(trend?.data),
  });
}

/** Judges by arithmetic alone. */
export function judgeRoom(basis: RoomBasis, request: RoomRequest): RoomVerdict {
  const { pool, room, growthBytesPerSecond } = basis;
  const needed = wholeBlocks(request.bytes, room.blockBytes);
  const isHit = ({ leftBytes }: RoomLimit): boolean => leftBytes !== undefined && needed > leftBytes;
  const limits = [...room.limits].sort(byLeft).map(
    (one): JudgedLimit =>
      omitUndefined({
        resource: one.resource,
        limit: one.limit,
        origin: one.origin,
        leftBytes: one.leftBytes === undefined ? undefined : Math.max(0, one.leftBytes),
        isHit: isHit(one) ? (true as const) : undefined,
        unknown: one.unknown === undefined ? undefined : unknownRooms[one.unknown],
      }),
  );
  const refusing = room.limits.filter(({ limit }) => limit !== 'new_volumes');
  const least = Math.min(...refusing.map(({ leftBytes = Number.POSITIVE_INFINITY }) => leftBytes));
  const newVolumes = newVolumesOf(basis);
  return omitUndefined({
    pool: pool.name,
    ...request,
    ...decide(basis, request, { needed, least, newVolumes }),
    leftBytes: refusing.every(({ leftBytes }) => leftBytes !== undefined) ? Math.max(0, least) : undefined,
    limits,
    newVolumes,
    growthBytesPerSecond,
  });
}

function byLeft(one: RoomLimit, other: RoomLimit): number {
  return (one.leftBytes ?? Number.POSITIVE_INFINITY) - (other.leftBytes ?? Number.POSITIVE_INFINITY) || 0;
}

function wholeBlocks(bytes: number, blockBytes: number | undefined): number {
  return blockBytes === undefined ? bytes : Math.ceil(bytes / blockBytes) * blockBytes;
}

interface Figures {
  readonly needed: number;
  /** Left until the first limit that refuses a write. */
  readonly least: number;
  readonly newVolumes: RoomVerdict['newVolumes'];
}

type Decision = Pick<RoomVerdict, 'verdict' | 'reason' | 'extensions'>;

function decide(basis: RoomBasis, { bytes, newVolume }: RoomRequest, figures: Figures): Decision {
  const { pool, room } = basis;
  const { needed, newVolumes } = figures;
  const amount = formatBytes(bytes);
  if (room.unwritable !== undefined)
    return { verdict: 'does_not_fit', reason: `pool ${pool.name} ${unwritables[room.unwritable]}` };
  if (newVolume && newVolumes === 'refused')
    return { verdict: 'does_not_fit', reason: `${describeRefusal(pool, room)}, whatever is free` };
  const hit = worstHit(room.limits, needed);
  const missing = room.limits.find(({ unknown }) => unknown !== undefined);
  if (hit !== undefined) return decideOnHit(basis, hit, missing, needed, amount);
  if (missing?.unknown !== undefined)
    return {
      verdict: 'unknown',
      reason: `it is not known whether ${amount} fit: ${unknownRooms[missing.unknown]}`,
    };
  if (newVolume && newVolumes === 'unknown')
    return {
      verdict: 'unknown',
      reason: `${amount} fit, but LVM's limit for new thin volumes is not known: ${unknownExtensions.policy}`,
    };
  const tight = whyTight(basis, figures);
  if (tight !== undefined)
    return { verdict: 'tight', reason: `${amount} fit in pool ${pool.name}, but ${tight}` };
  return { verdict: 'fits', reason: `${amount} fit in pool ${pool.name}` };
}

function worstHit(limits: readonly RoomLimit[], needed: number): RoomLimit | undefined {
  return limits
    .filter(
      ({ limit, leftBytes }) => limit !== 'new_volumes' && leftBytes !== undefined && needed > leftBytes,
    )
    .sort(byLeft)[0];
}

function decideOnHit(
  { pool, room }: RoomBasis,
  hit: RoomLimit,
  missing: RoomLimit | undefined,
  needed: number,
  amount: string,
): Decision {
  const { chain, extended } = room;
  const first = describeHit(hit);
  const at = extended.findIndex((limits) => worstHit(limits, needed) === undefined);
  if (at >= 0 && missing === undefined) {
    const extensions = at + 1;
    const times = extensions === 1 ? 'once' : `${extensions} times`;
    return {
      verdict: 'tight',
      reason: `${amount} fit in pool ${pool.name} only if LVM extends it ${times}: without that, ${first}. VG ${vgOf(pool)} has the space`,
      extensions,
    };
  }
  const { end } = chain;
  if (at >= 0 || isUnknown(end)) {
    const why = isUnknown(end) ? unknownExtensions[end] : unknownRooms[missing?.unknown ?? 'space'];
    return {
      verdict: 'unknown',
      reason: `${amount} do not fit in pool ${pool.name} as it is (${first}), and whether an extension helps is not known: ${why}`,
    };
  }
  return {
    verdict: 'does_not_fit',
    reason: `${amount} do not fit in pool ${pool.name}: ${first}; ${describeEnd(pool, chain)}`,
  };
}

function isUnknown(end: ExtensionChain['end']): end is UnknownExtension {
  return end !== undefined && end in unknownExtensions;
}

/** Nothing that can be set right is in the way, but little is left. */
function whyTight({ pool, room, limits, growthBytesPerSecond: rate }: RoomBasis, { needed, least }: Figures) {
  const { data } = pool;
  const { chain } = room;
  const refused = room.limits.find(
    ({ limit, leftBytes }) => limit === 'new_volumes' && leftBytes !== undefined && needed > leftBytes,
  );
  // Above its threshold LVM extends the pool first, where it can.
  if (refused !== undefined && chain.sizes.length === 0)
    return `LVM ${room.refusals.length > 0 ? 'refuses' : 'then refuses'} new thin volumes and snapshots, because of ${refused.resource}; ${describeEnd(pool, chain)}`;
  if (rate !== undefined && rate > 0) {
    const ms = ((least - needed) / rate) * secondMs;
    if (ms < limits.runsOutMs)
      return `the pool fills up at ${formatRate(rate)}: the rest lasts ${formatAge(ms)}`;
  }
  if (data === undefined || chain.sizes.length > 0) return undefined;
  const share = 1 - (data.availableBytes - needed) / data.sizeBytes;
  return share > limits.warningRatio
    ? `${formatBytes(Math.max(0, least - needed))} are left then (${(100 * (1 - share)).toFixed(1)}% of data)`
    : undefined;
}

/** LVM creates the volumes of its own pools, but not those of Docker and containerd. */
function newVolumesOf({ pool, room }: RoomBasis): RoomVerdict['newVolumes'] {
  if (pool.owner !== 'lvm' || pool.dockerInfo !== undefined) return undefined;
  if (room.refusals.length > 0) return 'refused';
  if (room.unwritable !== undefined) return 'refused';
  const isKnown = pool.autoextend !== undefined && pool.data !== undefined && pool.metadata !== undefined;
  return isKnown && pool.lvmLastKnown !== true ? 'accepted' : 'unknown';
}

export function describeRefusal(
  pool: Pool,
  { refusals, unwritable }: Pick<Room, 'refusals' | 'unwritable'>,
): string {
  const [first] = refusals;
  if (first === undefined)
    return `LVM refuses new thin volumes and snapshots in ${lvOf(pool)}: the pool ${unwritables[unwritable ?? 'failed']}`;
  const { usedPercent, limitPercent, resource } = first;
  return `LVM refuses new thin volumes and snapshots in ${lvOf(pool)}: ${usedPercent.toFixed(2)}% of its ${resource} is used, and the limit is ${limitPercent.toFixed(2)}%`;
}

export const unwritables: Readonly<Record<Unwritable, string>> = {
  inactive: 'is not active',
  failed: 'has failed',
  'needs-check': 'needs a metadata check, and takes no new data',
  'read-only': 'is read-only',
  suspended: 'is suspended: all I/O waits',
};

const unknownRooms: Readonly<Record<UnknownRoom, string>> = {
  space: 'how much of the pool is used could not be read',
  'block-size': 'the block size of the pool could not be read',
  'loop-file': 'the free space of the file system under its loop file could not be read',
  docker:
    'Docker keeps a minimum free in this pool, and does not report it now (--minimum-free=10% sets one)',
};

const unknownExtensions: Readonly<Record<UnknownExtension, string>> = {
  policy: "LVM's autoextend settings could not be read",
  monitoring: 'LVM did not report whether dmeventd monitors the pool',
  vg: 'the free space of its VG could not be read',
  layout: 'the layout of the pool is not known',
};

function describeHit({ limit, resource, origin, leftBytes = 0 }: RoomLimit): string {
  const left = formatBytes(Math.max(0, leftBytes));
  const what = {
    full: `${resource === 'data' ? 'it is full' : 'its metadata is full'}`,
    minimum_free: `${resource} is below its minimum free (${origin === 'option' ? 'configured' : origin})`,
    new_volumes: 'LVM refuses new volumes',
  }[limit];
  return leftBytes < 0 ? `${what} already` : `${what} after ${left}`;
}

/** Why no extension helps, or no further one. */
function describeEnd(pool: Pool, { end, sizes, failing }: ExtensionChain): string {
  const after =
    sizes.length === 0 ? '' : ` after ${sizes.length === 1 ? 'one extension' : `${sizes.length} extensions`}`;
  const reasons: Readonly<Record<NotExtended, string>> = {
    'not-lvm': 'LVM does not extend it',
    off: 'autoextend is off',
    'not-monitored': 'dmeventd does not monitor it, so it is not extended',
    'vg-not-changeable': `VG ${vgOf(pool)} cannot be changed`,
    'no-room': `VG ${vgOf(pool)} has no room for the next extension${after}${failing === undefined ? '' : ` (${formatBytes(failing.shortfallBytes ?? 0)} short)`}`,
  };
  if (end === undefined) return 'more extensions than LVM can make would be needed';
  return isUnknown(end) ? unknownExtensions[end] : reasons[end];
}
