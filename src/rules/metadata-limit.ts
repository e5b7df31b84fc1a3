import { formatBytes } from '../format/bytes.ts';
import type { Pool } from '../model/pool.ts';
import { metadataBlockBytes, metadataBlocksMax } from '../model/units.ts';
import { type AdvisedPool, extendBy, mayExtendBy } from './commands.ts';

const MiB = 1024 ** 2;
const GiB = 1024 * MiB;

/** The largest metadata that LVM made before 2.03.12, in blocks: 15.8125 GiB (lvm2 lib/metadata/metadata-exported.h). */
const lvmMetadataBlocksMax = (15.8125 * GiB) / metadataBlockBytes;

/** What the kernel can still use beyond metadata at its limit: of LVM's old limit a rest, else 0. Undefined below the limit. */
export function lastMetadataBytes({ owner }: Pool, metadataBlocks: number): number | undefined {
  if (metadataBlocks >= metadataBlocksMax) return 0;
  const isAtLimit = owner === 'lvm' && metadataBlocks >= lvmMetadataBlocksMax;
  return isAtLimit ? (metadataBlocksMax - metadataBlocks) * metadataBlockBytes : undefined;
}

/** What to do about metadata that has its largest size; undefined where it can grow. */
export function adviceAtMetadataLimit(pool: AdvisedPool): string | undefined {
  const blocks = pool?.metadata?.blocks ?? pool?.lastKnown?.counters?.metadataBlocks;
  const last = pool && blocks !== undefined ? lastMetadataBytes(pool, blocks) : undefined;
  if (pool === undefined || last === undefined) return undefined;
  const relief =
    'delete snapshots and volumes that are not needed, or move them to a pool with larger chunks';
  const whole = Math.floor(last / MiB) * MiB;
  // LVM is not queried while a pool is in this state; the command itself shows what the VG has.
  const extend = pool.volumeGroup === undefined ? mayExtendBy : extendBy;
  const command = whole > 0 ? extend(pool, 'metadata', whole) : undefined;
  if (command === undefined) return `${relief.charAt(0).toUpperCase()}${relief.slice(1)}.`;
  return `LVM 2.03.12 and later can add the last ${formatBytes(whole)}: ${command}. Use it to make the pool writable; then ${relief}.`;
}
