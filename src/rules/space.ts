import { formatBytes } from '../format/bytes.ts';
import { memoizePer } from '../model/memoize.ts';
import {
  isActive,
  isCounted,
  type Pool,
  type Resource,
  resources,
  type Space,
  type Volume,
} from '../model/pool.ts';
import { hourMs, metadataBlockBytes, minuteMs, secondMs, sectorBytes } from '../model/units.ts';
import { metadataBlocksWhenFull } from '../thinpool/metadata-projection.ts';
import { minimumFreeOf } from '../thinpool/minimum-free.ts';
import { type AdvisedPool, deviceOf, extendCommand, isExtendedByLvm, quote } from './commands.ts';
import { adviceAtMetadataLimit } from './metadata-limit.ts';
import { isAlmostNothing } from './nearly-full.ts';
import { nameVolume } from './owners.ts';
import { removeUnneeded } from './remedies.ts';
import { type Context, type PoolHit, poolRule, type Rule, when } from './rule.ts';
import { thresholds } from './thresholds.ts';

/** Docker does not respond now: the minimum is the one that it last reported. */
function isLastReported({ minimumFreeReportedAt, dockerInfo }: Pool): boolean {
  return minimumFreeReportedAt !== undefined && dockerInfo === undefined;
}

function reportedBy({ origin }: Space): string {
  return { kernel: '', lvm: ' (as LVM reports, rounded)', docker: ' (as Docker reports, rounded)' }[origin];
}

/** Free space that fluctuates around the minimum is one finding, not many: it ends when a little more is free. */
function belowMinimumFree(pool: Pool, resource: Resource, { before }: Context): PoolHit[] {
  const minimumFree = minimumFreeOf(pool, resource);
  const space = pool[resource];
  if (minimumFree === undefined || space === undefined) return [];
  const aboveShare = (space.freeBytes - minimumFree.bytes) / space.sizeBytes;
  const isHeld =
    aboveShare < thresholds.minimumFreeHold.value && before({ pool: pool.name, resource }) !== undefined;
  if (aboveShare >= 0 && !isHeld) return [];
  const words = aboveShare < 0 ? '; the minimum is' : ', hardly more than the minimum of';
  const message = `has ${formatBytes(space.freeBytes)} of ${resource} free${words} ${formatBytes(minimumFree.bytes)}${reportedBy(space)}`;
  return [
    isLastReported(pool)
      ? { resource, message: `${message} (as Docker last reported it)`, lastKnown: true }
      : { resource, message },
  ];
}

function hostLow(pool: Pool, resource: Resource): PoolHit[] {
  const space = pool[resource];
  if (space === undefined || space.availableBytes >= space.freeBytes) return [];
  // A VDO volume that limits it has findings of its own.
  if (pool.stack.some((device) => device.resource === resource && device.layer?.target === 'vdo')) return [];
  const minimumFree = minimumFreeOf(pool, resource)?.bytes ?? 0;
  const path = pool.backing.find((one) => one.resource === resource)?.file;
  const file = path === undefined ? '' : ` ${path}`;
  const hit: PoolHit = {
    resource,
    message: `has ${formatBytes(space.freeBytes)} of ${resource} free, but only ${formatBytes(space.availableBytes)} more can be written to its loop file${file}: the file system under it has no room for the rest`,
  };
  if (isAlmostNothing(resource, space, space.availableBytes)) return [{ ...hit, severity: 'critical' }];
  if (space.availableBytes >= minimumFree) return [hit];
  return [{ ...hit, severity: 'critical', ...(isLastReported(pool) ? { lastKnown: true } : {}) }];
}

function lowWaterBytes({ data, table }: Pool): number {
  return (table?.lowWaterBlocks ?? 0) * (data?.blockBytes ?? 0);
}

function lowWaterPassed({ data, table }: Pool): boolean | undefined {
  if (table === undefined || !isCounted(data)) return undefined;
  const mark = table.lowWaterBlocks;
  // A mark above the whole pool comes from a bug of LVM 2.02.133 to 141 and says nothing.
  return mark > 0 && mark < data.blocks && data.blocks - data.usedBlocks <= mark;
}

/** For a finding about one of the two, or for the docs, which are about both. */
function extendEither(pool: AdvisedPool, resource: Resource | undefined): string {
  if (resource !== undefined) return extendCommand(pool, resource);
  return `${extendCommand(pool, 'data')} for data, ${extendCommand(pool, 'metadata')} for metadata`;
}

/** Docker's words only where Docker uses the pool, or for the docs. */
function suspendedVolumeOf(pool: AdvisedPool): string {
  const volume = pool?.volumes.find(({ suspended }) => suspended);
  return volume === undefined ? 'VOLUME' : quote(volume.name);
}

export const spaceRules: readonly Rule[] = [
  poolRule({
    code: 'below-minimum-free',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolBelowMinimumFree',
    meaning:
      'Free space is below the minimum at which new thin volumes are refused (Docker: Thin Pool Minimum Free Space). Running containers can write until the pool is full.',
    advice: (pool, resource) =>
      (resource === 'metadata' ? adviceAtMetadataLimit(pool) : undefined) ??
      `${removeUnneeded(pool)}, or extend the pool: ${extendEither(pool, resource)}.`,
    judge: (pool, _host, context) =>
      resources.flatMap((resource) => belowMinimumFree(pool, resource, context)),
  }),
  poolRule({
    code: 'host-file-system-low',
    severity: 'warning',
    escalates: true,
    about: 'state',
    alert: 'ThinPoolHostFileSystemLow',
    meaning:
      'The pool is stored in files on loop devices, and the file system that holds them has no room for all of the free space of the pool. Writes will fail with I/O errors while the pool looks healthy.',
    advice: 'Free space in the file system that holds the loop files, or move to a pool on real devices.',
    judge: (pool) => resources.flatMap((resource) => hostLow(pool, resource)),
  }),
  poolRule({
    code: 'low-water-mark-passed',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolAutoextendIdle',
    meaning:
      "Free data has been at or below the low water mark of the pool's table for a minute: the extension that should have followed did not happen.",
    advice: (pool) =>
      isExtendedByLvm(pool)
        ? `Check why the pool was not extended (is dmeventd running, does the VG have free extents?), and extend it: ${extendCommand(pool, 'data')}.`
        : `Extend the pool: ${extendCommand(pool, 'data')}.`,
    afterMs: minuteMs,
    judge: (pool) =>
      when(
        // LVM sets the mark to where it extends the pool: why it did not is a finding of its own.
        pool.autoextend?.enabled !== true && lowWaterPassed(pool),
        `has ${formatBytes(pool.data?.freeBytes ?? 0)} of data free; its low water mark is ${formatBytes(lowWaterBytes(pool))}`,
      ).map((hit) => ({ ...hit, resource: 'data' })),
  }),
  poolRule({
    code: 'metadata-before-data',
    severity: 'warning',
    about: 'setup',
    alert: 'ThinPoolMetadataTooSmall',
    meaning: 'At the current ratio of metadata to data, the metadata will be full before the data is.',
    advice: (pool) =>
      adviceAtMetadataLimit(pool) ?? `Extend the metadata before that: ${extendCommand(pool, 'metadata')}.`,
    judge: ({ counters }) => {
      const projected = counters && metadataBlocksWhenFull(counters);
      if (counters === undefined || projected === undefined || projected <= counters.metadataBlocks)
        return [];
      const [needed, has] = [projected, counters.metadataBlocks].map((blocks) =>
        formatBytes(blocks * metadataBlockBytes),
      );
      return [
        {
          resource: 'metadata',
          message: `will need ${needed} of metadata when its data is full, and has ${has}`,
        },
      ];
    },
  }),
  poolRule({
    code: 'resize-pending',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolInconsistent',
    meaning:
      "The pool's device is larger than the pool: the kernel refused to grow the pool, usually because its metadata needs a check.",
    advice: 'Look for "unable to grow" in dmesg. Check the metadata, then reload or reactivate the pool.',
    afterMs: 2 * minuteMs,
    judge: (pool) => {
      const { data } = pool;
      if (!isActive(pool) || !isCounted(data)) return [];
      return when(
        Math.floor(pool.lengthSectors / pool.table.blockSectors) > data.blocks,
        `uses only ${formatBytes(data.sizeBytes)} of its device of ${formatBytes(pool.lengthSectors * sectorBytes)}`,
      ).map((hit) => ({ ...hit, resource: 'data' }));
    },
  }),
  poolRule({
    code: 'pool-suspended',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolSuspended',
    meaning: 'The device has been suspended for 30 s: all I/O waits. Usually an LVM command was interrupted.',
    advice: (pool) =>
      `Find the command that suspended the device. Only if none is running any more: \`dmsetup resume ${deviceOf(pool)}\`.`,
    afterMs: 30 * secondMs,
    judge: (pool) => when(pool.suspended, 'is suspended: all I/O waits'),
  }),
  poolRule({
    code: 'volume-suspended',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolSuspended',
    meaning: 'A thin volume has been suspended for 30 s: its I/O waits.',
    advice: (pool) =>
      `Find the command that suspended the volume. Only if none is running any more: \`dmsetup resume ${suspendedVolumeOf(pool)}\`.`,
    afterMs: 30 * secondMs,
    judge: (pool) => listed(suspendedIn(pool.volumes), 'suspended'),
  }),
  poolRule({
    code: 'volume-failed',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolVolumeFailed',
    meaning: 'The kernel reports Fail or Error for a thin volume, although its pool has not failed.',
    advice: "Read dmesg. Check the file system on the volume, and the pool's metadata.",
    judge: (pool) => (pool.state === 'readable' ? listed(failedIn(pool.volumes), 'failed') : []),
  }),
  poolRule({
    code: 'metadata-snapshot-held',
    severity: 'info',
    about: 'state',
    alert: 'ThinPoolRisk',
    meaning:
      'A metadata snapshot has been reserved for an hour. It keeps old metadata blocks allocated; a backup tool may have left it behind.',
    advice: (pool) =>
      `If no tool is reading it, release it: \`dmsetup message ${deviceOf(pool)} 0 release_metadata_snap\`.`,
    afterMs: hourMs,
    judge: (pool, host) =>
      when(
        pool.counters?.heldMetadataRoot !== undefined && host.exclusive?.holding !== pool.dmName,
        'has a reserved metadata snapshot',
      ).map((hit) => ({
        ...hit,
        resource: 'metadata',
      })),
  }),
];

const suspendedIn = memoizePer((volumes: readonly Volume[]) => volumes.filter(({ suspended }) => suspended));

const failedIn = memoizePer((volumes: readonly Volume[]) =>
  volumes.filter(({ state }) => state === 'failed' || state === 'unreadable'),
);

function listed(volumes: readonly Volume[], what: string): PoolHit[] {
  const [first] = volumes;
  if (first === undefined) return [];
  const some = volumes.length === 1 ? `1 ${what} volume:` : `${volumes.length} ${what} volumes, for example`;
  return [{ message: `has ${some} ${nameVolume(first)}` }];
}
