import { formatBytes } from '../format/bytes.ts';
import { type Pool, type Resource, resources } from '../model/pool.ts';
import { metadataBlockBytes, secondMs, sectorBytes } from '../model/units.ts';
import { metadataBlocksWhenFull } from '../thinpool/metadata-projection.ts';
import { floorOf } from '../thinpool/minimum-free.ts';
import { adviceAtMetadataLimit, lastMetadataBytes } from './extend-command.ts';
import { type PoolHit, poolRule, type Rule, when } from './rule.ts';

const hourMs = 3600 * secondMs;
const minuteMs = 60 * secondMs;

/** Who told the floor does not answer now: it is its last word. */
function isLastWord({ floorsToldAt, consumer }: Pool): boolean {
  return floorsToldAt !== undefined && consumer === undefined;
}

function belowFloor(pool: Pool, resource: Resource): PoolHit[] {
  const floor = floorOf(pool, resource);
  const space = pool[resource];
  if (floor === undefined || space === undefined || space.freeBytes >= floor.bytes) return [];
  const says = `has ${formatBytes(space.freeBytes)} of ${resource} free, less than the minimum of ${formatBytes(floor.bytes)}`;
  const advice = adviceAtLimit(pool, resource);
  return [
    isLastWord(pool)
      ? { resource, says: `${says} (which Docker told when it last answered)`, lastKnown: true, ...advice }
      : { resource, says, ...advice },
  ];
}

/** Metadata at its largest size is not to be extended. */
function adviceAtLimit(pool: Pool, resource: Resource): Pick<PoolHit, 'advice'> {
  const last =
    resource === 'metadata' && pool.metadata ? lastMetadataBytes(pool, pool.metadata.blocks) : undefined;
  return last === undefined ? {} : { advice: adviceAtMetadataLimit(pool, last) };
}

function hostLow(pool: Pool, resource: Resource): PoolHit[] {
  const space = pool[resource];
  if (space === undefined || space.availableBytes >= space.freeBytes) return [];
  const floor = floorOf(pool, resource)?.bytes ?? 0;
  const hit: PoolHit = {
    resource,
    says: `could take ${formatBytes(space.freeBytes)} more ${resource}, but the file system under its loop file has only ${formatBytes(space.availableBytes)} left`,
  };
  if (space.availableBytes >= floor) return [hit];
  return [{ ...hit, severity: 'critical', ...(isLastWord(pool) ? { lastKnown: true } : {}) }];
}

function lowWaterPassed({ data, table }: Pool): boolean | undefined {
  const mark = table.lowWaterBlocks;
  // A mark above the whole pool comes from a bug of LVM 2.02.133 to 141 and says nothing.
  return data && mark > 0 && mark < data.blocks && data.blocks - data.usedBlocks <= mark;
}

export const spaceRules: readonly Rule[] = [
  poolRule({
    code: 'below-minimum-free',
    severity: 'critical',
    meaning:
      'Less is free than the minimum below which new thin volumes are refused (Docker: Thin Pool Minimum Free Space). Running containers go on writing, up to the full pool.',
    advice:
      'Remove images, containers and volumes that are not needed, or extend the pool: lvextend -L+SIZE VG/POOL for data, lvextend --poolmetadatasize +SIZE VG/POOL for metadata.',
    judge: (pool) => resources.flatMap((resource) => belowFloor(pool, resource)),
  }),
  poolRule({
    code: 'host-file-system-low',
    severity: 'warning',
    meaning:
      'The pool lies in files on loop devices, and the file system under them has less room than the pool thinks it has: writes will fail with I/O errors while the pool looks healthy.',
    advice: 'Free space in the file system that holds the loop files, or move to a pool on real devices.',
    judge: (pool) => resources.flatMap((resource) => hostLow(pool, resource)),
  }),
  poolRule({
    code: 'low-water-mark-passed',
    severity: 'warning',
    meaning:
      "Free data is at or below the low water mark of the pool's table, and has been for a minute: whoever should have extended the pool did not.",
    advice: 'See why it is not extended (dmeventd, room in the VG), and extend it by hand.',
    afterMs: minuteMs,
    judge: (pool) =>
      when(
        // LVM puts the mark where it extends the pool: why it did not is a finding of its own then.
        pool.autoextend?.enabled !== true && lowWaterPassed(pool),
        `has ${formatBytes(pool.data?.freeBytes ?? 0)} of data free, at or below its low water mark`,
      ).map((hit) => ({ ...hit, resource: 'data' })),
  }),
  poolRule({
    code: 'metadata-before-data',
    severity: 'warning',
    meaning: 'At the present ratio of metadata to data, metadata will be full before data is.',
    advice: 'Extend the metadata in time: lvextend --poolmetadatasize +SIZE VG/POOL.',
    judge: (pool) => {
      const { counters } = pool;
      const projected = counters && metadataBlocksWhenFull(counters);
      if (counters === undefined || projected === undefined || projected <= counters.metadataBlocks)
        return [];
      const [needed, has] = [projected, counters.metadataBlocks].map((blocks) =>
        formatBytes(blocks * metadataBlockBytes),
      );
      return [
        {
          resource: 'metadata',
          says: `will need ${needed} of metadata when data is full, and has ${has}`,
          ...adviceAtLimit(pool, 'metadata'),
        },
      ];
    },
  }),
  poolRule({
    code: 'resize-pending',
    severity: 'warning',
    meaning:
      "The pool's device is larger than the pool: growing was refused, usually because the metadata needs a check.",
    advice: 'Read dmesg for "unable to grow"; check the metadata, then reload or reactivate the pool.',
    afterMs: 2 * minuteMs,
    judge: (pool) =>
      when(
        pool.data && Math.floor(pool.lengthSectors / pool.table.blockSectors) > pool.data.blocks,
        `uses ${formatBytes(pool.data?.sizeBytes ?? 0)} of a device of ${formatBytes(pool.lengthSectors * sectorBytes)}`,
      ).map((hit) => ({ ...hit, resource: 'data' })),
  }),
  poolRule({
    code: 'pool-suspended',
    severity: 'critical',
    meaning:
      'The device has been suspended for half a minute: all I/O waits, usually after an interrupted LVM command.',
    advice: 'Find the command that suspended it; run dmsetup resume only if none is running.',
    afterMs: 30 * secondMs,
    judge: (pool) => when(pool.suspended, 'is suspended: all I/O waits'),
  }),
  poolRule({
    code: 'volume-suspended',
    severity: 'warning',
    meaning: 'A thin volume has been suspended for half a minute: its I/O waits.',
    advice: 'Find the command that suspended it; run dmsetup resume only if none is running.',
    afterMs: 30 * secondMs,
    judge: (pool) =>
      listed(
        pool.volumes.filter((volume) => volume.suspended).map((volume) => volume.name),
        'suspended',
      ),
  }),
  poolRule({
    code: 'volume-failed',
    severity: 'critical',
    meaning: 'The kernel says Fail or Error for a thin volume of a pool that is not failed itself.',
    advice: "Read dmesg; check the file system on the volume, and the pool's metadata.",
    judge: (pool) =>
      pool.state === 'readable'
        ? listed(
            pool.volumes
              .filter(({ state }) => state === 'failed' || state === 'unreadable')
              .map((volume) => volume.name),
            'failed',
          )
        : [],
  }),
  poolRule({
    code: 'metadata-snapshot-held',
    severity: 'info',
    meaning:
      'A metadata snapshot has been reserved for an hour. It pins old metadata blocks; a backup tool may have left it behind.',
    advice: 'When no tool is reading it: dmsetup message POOL 0 release_metadata_snap.',
    afterMs: hourMs,
    judge: (pool) =>
      when(pool.counters?.heldMetadataRoot !== undefined, 'holds a metadata snapshot').map((hit) => ({
        ...hit,
        resource: 'metadata',
      })),
  }),
];

function listed(names: readonly string[], what: string): PoolHit[] {
  const [first] = names;
  if (first === undefined) return [];
  return [{ says: `has ${names.length} ${what} volume${names.length === 1 ? '' : 's'}, such as ${first}` }];
}
