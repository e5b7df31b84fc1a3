import type { DockerInfo, LogicalVolume } from '../model/facts.ts';
import type { Pool, Resource, Space } from '../model/pool.ts';
import { metadataBlockBytes, metadataBlocksMax } from '../model/units.ts';
import { roundingBytes } from './docker-rounding.ts';

/** LVM prints a share with two decimals, of a size that it knows to the byte or, in its default layout, prints rounded. */
const printedShare = 0.01 / 100;

/** How full LVM says the pool is; undefined where it does not: of an inactive pool it knows the size alone. */
export function lvmSpace(volume: LogicalVolume | undefined, resource: Resource): Space | undefined {
  const percent = resource === 'data' ? volume?.dataPercent : volume?.metadataPercent;
  const size = volume && sizeOf(volume, resource);
  if (percent === undefined || size === undefined || size.bytes === 0) return undefined;
  const usedBytes = Math.round((size.bytes * percent) / 100);
  const freeBytes = size.bytes - usedBytes;
  return {
    origin: 'lvm',
    roundingBytes: size.roundingBytes + Math.ceil((size.bytes * printedShare) / 2),
    sizeBytes: size.bytes,
    usedBytes,
    freeBytes,
    availableBytes: freeBytes,
  };
}

/** How large the pool is, also if its usage is unknown. */
export function sizeOfPool(pool: Pick<Pool, 'lvm' | Resource>, resource: Resource): number | undefined {
  return pool[resource]?.sizeBytes ?? (pool.lvm && sizeOf(pool.lvm, resource)?.bytes);
}

function sizeOf(volume: LogicalVolume, resource: Resource): LogicalVolume['roundedSize'] {
  const { sizeBytes, metadataSizeBytes, roundedSize } = volume;
  if (resource === 'metadata') {
    // The percentage is of what the kernel can use.
    const most = metadataBlocksMax * metadataBlockBytes;
    return metadataSizeBytes === undefined
      ? undefined
      : { bytes: Math.min(metadataSizeBytes, most), roundingBytes: 0 };
  }
  return sizeBytes === undefined ? roundedSize : { bytes: sizeBytes, roundingBytes: 0 };
}

/**
 * How full Docker says its pool is. Space Available is what the file system under a loop file has left, where that is
 * less than what the pool has (moby deviceset.go, Status); of a pool on devices it is the pool's own, and the least rounded.
 */
export function dockerSpace(dockerInfo: DockerInfo | undefined, resource: Resource): Space | undefined {
  if (dockerInfo === undefined || dockerInfo.poolUnreadable) return undefined;
  const [usedBytes, sizeBytes, available] =
    resource === 'data'
      ? [dockerInfo.dataUsedBytes, dockerInfo.dataSizeBytes, dockerInfo.dataAvailableBytes]
      : [dockerInfo.metadataUsedBytes, dockerInfo.metadataSizeBytes, dockerInfo.metadataAvailableBytes];
  if (usedBytes === undefined || sizeBytes === undefined) return undefined;
  const own = Math.max(0, sizeBytes - usedBytes);
  const rounding = roundingBytes(sizeBytes) + roundingBytes(usedBytes);
  const isOwn = available !== undefined && Math.abs(own - available) <= rounding + roundingBytes(available);
  const freeBytes = isOwn ? available : own;
  return {
    origin: 'docker',
    roundingBytes: rounding,
    sizeBytes,
    usedBytes,
    freeBytes,
    availableBytes: Math.min(freeBytes, available ?? freeBytes),
  };
}
