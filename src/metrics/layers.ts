import type { Layer } from '../model/facts.ts';
import type { HostMetric } from '../model/metric.ts';
import type { Pool } from '../model/pool.ts';
import { poolGauges, sample, type Value } from './helpers.ts';

/** A gauge of each device of one target under a pool; a device under data and metadata is one. */
function layerGauge<Target extends Layer['target']>(
  name: HostMetric['name'],
  help: string,
  target: Target,
  value: (layer: Extract<Layer, { target: Target }>) => Value,
): HostMetric {
  return poolGauges(name, help, ['name'], (pool: Pool) => {
    const byName = new Map(pool.stack.map((device) => [device.name, device.layer]));
    return [...byName].flatMap(([device = '', layer]) =>
      layer?.target === target
        ? sample({ name: device }, value(layer as Extract<Layer, { target: Target }>))
        : [],
    );
  });
}

const known = 'absent while its status is unknown.';

/** Metrics of what the pools stand on, by device-mapper name. */
export const layerMetrics: readonly HostMetric[] = [
  layerGauge(
    'thinpool_vdo_used_bytes',
    `Physical space that the VDO volume under the pool uses, including its own metadata, ${known}`,
    'vdo',
    ({ usedBytes }) => usedBytes,
  ),
  layerGauge(
    'thinpool_vdo_size_bytes',
    `Physical size of the VDO volume under the pool, ${known}`,
    'vdo',
    ({ sizeBytes }) => sizeBytes,
  ),
  layerGauge(
    'thinpool_vdo_read_only',
    `1 if the VDO volume under the pool is read-only, 0 otherwise, ${known}`,
    'vdo',
    ({ readOnly }) => readOnly,
  ),
  layerGauge(
    'thinpool_raid_devices',
    `Number of devices of the RAID under the pool, ${known}`,
    'raid',
    ({ devices }) => devices,
  ),
  layerGauge(
    'thinpool_raid_devices_failed',
    `Number of devices of the RAID under the pool that have failed or are missing, ${known}`,
    'raid',
    ({ failedDevices }) => failedDevices,
  ),
  layerGauge(
    'thinpool_raid_sync_ratio',
    `Share of the RAID under the pool that is in sync, 0 to 1, ${known}`,
    'raid',
    ({ syncedSectors, sectors }) => syncedSectors / sectors,
  ),
  layerGauge(
    'thinpool_cache_failed',
    `1 if the cache under the pool has failed, 0 otherwise, ${known}`,
    'cache',
    ({ failed }) => failed,
  ),
  layerGauge(
    'thinpool_cache_needs_check',
    '1 if the metadata of the cache under the pool needs a check, 0 otherwise, absent before Linux 4.3 and while its status is unknown.',
    'cache',
    ({ needsCheck }) => needsCheck,
  ),
  layerGauge(
    'thinpool_multipath_paths',
    `Number of paths of the multipath device under the pool, ${known}`,
    'multipath',
    ({ paths }) => paths,
  ),
  layerGauge(
    'thinpool_multipath_paths_failed',
    `Number of paths of the multipath device under the pool that have failed, ${known}`,
    'multipath',
    ({ failedPaths }) => failedPaths,
  ),
];
