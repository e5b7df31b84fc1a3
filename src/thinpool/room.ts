import type { Host } from '../model/host.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { isActive, type MinimumFree, type Pool, type Resource, resources } from '../model/pool.ts';
import type { RoomLimit, UnknownRoom, Unwritable } from '../model/room.ts';
import { chainOf, type ExtensionChain, type Sizes } from './extension-chain.ts';
import { type Refusal, refusalsOf } from './lvm-minimum-free.ts';
import { blockBytesOf, metadataBytesPerBlock } from './metadata-need.ts';
import { minimumFreeOf } from './minimum-free.ts';
import { dockerDevice } from './owner.ts';

/** The limits of a pool, as it is and after each extension that LVM makes. No request needs more than arithmetic. */
export interface Room {
  readonly unwritable?: Unwritable;
  /** A write takes whole blocks. Absent: unknown. */
  readonly blockBytes?: number;
  readonly limits: readonly RoomLimit[];
  readonly chain: ExtensionChain;
  /** `limits` after as many extensions. */
  readonly extended: readonly (readonly RoomLimit[])[];
  /** Why LVM creates no volume now. */
  readonly refusals: readonly Refusal[];
}

export function roomOf(pool: Pool, { daemons }: Pick<Host, 'daemons'>): Room {
  const blockBytes = blockBytesOf(pool);
  const perByte = blockBytes === undefined ? undefined : metadataBytesPerBlock(pool) / blockBytes;
  const chain: ExtensionChain =
    perByte === undefined ? { sizes: [], end: 'policy' } : chainOf(pool, daemons, perByte);
  return omitUndefined({
    unwritable: unwritable(pool),
    blockBytes,
    limits: limitsOf(pool, perByte),
    chain,
    extended: chain.sizes.map((sizes) => limitsOf(pool, perByte, sizes)),
    refusals: refusalsOf(pool),
  });
}

export function unwritable(pool: Pool): Unwritable | undefined {
  const { presence, state, counters, lvm, suspended } = pool;
  if (presence === 'inactive') return 'inactive';
  if (state === 'failed' || state === 'unreadable') return 'failed';
  if (!isActive(pool) && lvm?.health === 'failed') return 'failed';
  if ((counters?.needsCheck ?? lvm?.checkNeeded) === true) return 'needs-check';
  if (counters?.mode === 'ro' || (!isActive(pool) && lvm?.health === 'metadata_read_only'))
    return 'read-only';
  return suspended === true ? 'suspended' : undefined;
}

function limitsOf(pool: Pool, perByte: number | undefined, sizes?: Sizes): readonly RoomLimit[] {
  return resources.flatMap((resource) => {
    const left = leftOf(pool, resource, perByte, sizes);
    return [left.full(), ...left.minimumFree(), ...(sizes === undefined ? left.newVolumes() : [])];
  });
}

/** What the limits of one resource leave, in bytes of data. */
function leftOf(pool: Pool, resource: Resource, perByte: number | undefined, sizes: Sizes | undefined) {
  const space = pool[resource];
  const unknown = unknownOf(pool, resource, perByte);
  const grownBytes = space === undefined || sizes === undefined ? 0 : sizes[resource] - space.sizeBytes;
  const perDataByte = resource === 'data' ? 1 : (perByte ?? 1);
  // A rounded figure may be off by as much: what is not certain is not there.
  const toData = (bytes: number): number =>
    Math.floor((bytes + grownBytes - (space?.roundingBytes ?? 0)) / perDataByte);
  const limit = (row: Omit<RoomLimit, 'resource'>): RoomLimit => ({ resource, ...row });
  const known = (row: Omit<RoomLimit, 'resource' | 'leftBytes'>, bytes: number): RoomLimit =>
    unknown === undefined ? limit({ ...row, leftBytes: toData(bytes) }) : limit({ ...row, unknown });
  const below = (minimum: MinimumFree, row: Omit<RoomLimit, 'resource' | 'leftBytes'>): RoomLimit => {
    // It is a share, so it grows with the pool.
    const share = space === undefined ? 1 : 1 + grownBytes / space.sizeBytes;
    return known({ ...row, origin: minimum.origin }, (space?.freeBytes ?? 0) - minimum.bytes * share);
  };
  return {
    full: (): RoomLimit => known({ limit: 'full' }, space?.availableBytes ?? 0),
    minimumFree: (): readonly RoomLimit[] => {
      const minimum = minimumFreeOf(pool, resource);
      if (minimum !== undefined) return [below(minimum, { limit: 'minimum_free' })];
      return isDockerSilent(pool)
        ? [limit({ limit: 'minimum_free', origin: 'docker', unknown: 'docker' })]
        : [];
    },
    newVolumes: (): readonly RoomLimit[] =>
      pool.minimumFrees
        .filter((minimum) => minimum.resource === resource && minimum.origin === 'lvm')
        .map((minimum) => below(minimum, { limit: 'new_volumes' })),
  };
}

function unknownOf(pool: Pool, resource: Resource, perByte: number | undefined): UnknownRoom | undefined {
  if (pool[resource] === undefined) return 'space';
  if (resource === 'metadata' && perByte === undefined) return 'block-size';
  const isUnderFile = pool.backing.some((one) => one.resource === resource && one.fileSystem === undefined);
  // Docker's own figure has the file system in it.
  return isUnderFile && pool[resource].origin === 'kernel' ? 'loop-file' : undefined;
}

/** A pool in which Docker makes the volumes, and that keeps a minimum free which Docker does not report now. */
function isDockerSilent({ owner, dockerInfo, volumes, minimumFreeReportedAt }: Pool): boolean {
  if (dockerInfo !== undefined || minimumFreeReportedAt !== undefined) return false;
  return owner === 'docker' || volumes.some(({ name }) => dockerDevice(name) !== undefined);
}
