import { formatBytes, formatShare } from '../format/bytes.ts';
import type { Layer } from '../model/facts.ts';
import type { Severity } from '../model/finding.ts';
import type { Pool, Resource } from '../model/pool.ts';
import { minuteMs } from '../model/units.ts';
import { type AdvisedPool, deviceOf } from './commands.ts';
import { type PoolHit, poolRule, type Rule } from './rule.ts';

type LayerOf<Target extends Layer['target']> = Extract<Layer, { target: Target }>;

interface Found {
  readonly message: string;
  readonly severity?: Severity;
}

/** One hit for each resource, about the first device of the target for which there is one. */
function judgeLayers<Target extends Layer['target']>(
  pool: Pool,
  target: Target,
  judge: (layer: LayerOf<Target>, name: string) => Found | undefined,
): PoolHit[] {
  if (pool.stack.length === 0) return [];
  const hits = new Map<Resource, PoolHit>();
  for (const { resource, layer, name = '?' } of pool.stack) {
    const found = layer?.target === target ? judge(layer as LayerOf<Target>, name) : undefined;
    if (found !== undefined && !hits.has(resource)) hits.set(resource, { ...found, resource });
  }
  const [first, ...others] = [...hits.values()];
  // The same device under data and metadata is one finding.
  return first === undefined ? [] : [first, ...others.filter(({ message }) => message !== first.message)];
}

/** The names of the devices of a target under the pool. */
function namesOf(pool: AdvisedPool, target: Layer['target']): string {
  return pool?.stack.find((device) => device.target === target)?.name ?? 'DEVICE';
}

/** As of a pool that is nearly full. */
const vdoWarningLeft = 0.15;

/** So little that one large file uses it up. */
const vdoFullLeft = 0.02;

export const layerRules: readonly Rule[] = [
  poolRule({
    code: 'vdo-full',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolHostFileSystemLow',
    meaning:
      'The VDO volume under the pool has less than 2% of its physical space free. When it is full, writes fail with I/O errors while the pool looks healthy, and VDO may become read-only.',
    advice: (pool) =>
      `Extend the VDO pool (\`lvextend -L +SIZE\` on the VDO pool LV of ${namesOf(pool, 'vdo')}), or delete data and run \`fstrim\`. \`dmsetup status --noflush ${namesOf(pool, 'vdo')}\` shows used and all blocks of 4 KiB.`,
    judge: (pool) =>
      judgeLayers(pool, 'vdo', ({ usedBytes, sizeBytes }, name) =>
        sizeBytes - usedBytes < vdoFullLeft * sizeBytes
          ? {
              message: `stands on VDO volume ${name}, which has ${formatBytes(sizeBytes - usedBytes)} of ${formatBytes(sizeBytes)} left`,
            }
          : undefined,
      ),
  }),
  poolRule({
    code: 'vdo-nearly-full',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolHostFileSystemLow',
    meaning:
      'The VDO volume under the pool has less than 15% of its physical space free. Free space of the pool counts for nothing beyond that.',
    advice: (pool) =>
      `Extend the VDO pool of ${namesOf(pool, 'vdo')} before it is full, or delete data and run \`fstrim\`.`,
    afterMs: 5 * minuteMs,
    judge: (pool) =>
      judgeLayers(pool, 'vdo', ({ usedBytes, sizeBytes }, name) => {
        const left = sizeBytes - usedBytes;
        const isNearly = left < vdoWarningLeft * sizeBytes && left >= vdoFullLeft * sizeBytes;
        return isNearly
          ? {
              message: `stands on VDO volume ${name}, which has ${formatBytes(left)} left (${formatShare(usedBytes, sizeBytes)} used)`,
            }
          : undefined;
      }),
  }),
  poolRule({
    code: 'vdo-read-only',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolKernelErrors',
    meaning: 'The VDO volume under the pool is read-only after an error: every write to the pool fails.',
    advice:
      'Stop what writes to the pool, save dmesg, and check the disks under it. VDO needs a rebuild to become writable: read the VDO documentation of your distribution first.',
    judge: (pool) =>
      judgeLayers(pool, 'vdo', ({ readOnly }, name) =>
        readOnly ? { message: `stands on VDO volume ${name}, which is read-only` } : undefined,
      ),
  }),
  poolRule({
    code: 'raid-degraded',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolKernelErrors',
    meaning:
      'A device of the RAID under the pool has failed or is missing. The pool works, with less or no redundancy left.',
    advice: (pool) =>
      `Find the failed disk: \`lvs -a -o+devices,lv_health_status ${pool?.vgName ?? 'VG'}\`, dmesg. Replace it: \`lvconvert --repair ${pool?.vgName ?? 'VG'}/LV\` for the RAID LV of ${namesOf(pool, 'raid')}.`,
    afterMs: minuteMs,
    judge: (pool) =>
      judgeLayers(pool, 'raid', ({ type, devices, failedDevices }, name) =>
        failedDevices > 0
          ? { message: `stands on ${type} ${name}, of which ${failedDevices} of ${devices} devices failed` }
          : undefined,
      ),
  }),
  poolRule({
    code: 'cache-unusable',
    severity: 'warning',
    escalates: true,
    about: 'state',
    alert: 'ThinPoolKernelErrors',
    meaning:
      'The cache under the pool needs a check of its metadata or is read-only; critical: it has failed, and I/O of the pool fails.',
    advice: (pool) =>
      `Save dmesg, and check the device of the cache: \`lsblk -s /dev/mapper/${deviceOf(pool)}\`. If its data is intact, plan an outage to remove the cache (\`lvconvert --uncache\`), which writes it back.`,
    judge: (pool) =>
      judgeLayers(pool, 'cache', ({ failed, needsCheck, readOnly }, name) => {
        if (failed) return { message: `stands on cache ${name}, which has failed`, severity: 'critical' };
        if (needsCheck === true) return { message: `stands on cache ${name}, whose metadata needs a check` };
        return readOnly === true
          ? { message: `stands on cache ${name}, whose metadata is read-only` }
          : undefined;
      }),
  }),
  poolRule({
    code: 'paths-failed',
    severity: 'warning',
    escalates: true,
    about: 'state',
    alert: 'ThinPoolKernelErrors',
    meaning:
      'Paths of the multipath device under the pool have failed; critical: all of them, so that its I/O hangs or fails.',
    advice: (pool) =>
      `Check the paths: \`multipath -ll ${namesOf(pool, 'multipath')}\`, dmesg; then cables, switches and the storage system.`,
    afterMs: minuteMs,
    judge: (pool) =>
      judgeLayers(pool, 'multipath', ({ paths, failedPaths }, name) =>
        failedPaths === 0
          ? undefined
          : {
              message: `stands on multipath device ${name}, of which ${failedPaths} of ${paths} paths failed`,
              severity: failedPaths === paths ? 'critical' : 'warning',
            },
      ),
  }),
];
