import type { DockerInfo } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { HostMetric } from '../model/metric.ts';
import { reduced, sample, type Value } from './helpers.ts';

function dockerGauge(
  name: HostMetric['name'],
  help: string,
  value: (dockerInfo: DockerInfo) => Value,
): HostMetric {
  const samples = (host: Host) =>
    host.dockerInfos.flatMap((dockerInfo) =>
      sample(
        { pool: dockerInfo.poolName ?? '' },
        dockerInfo.poolName === undefined ? undefined : value(dockerInfo),
      ),
    );
  return { name, help, type: 'gauge', labels: ['pool'], samples };
}

const rounded = 'as docker info prints it, rounded to four digits';

/** Metrics from docker info. */
export const dockerMetrics: readonly HostMetric[] = [
  {
    name: 'thinpool_docker_info',
    help: "Docker's storage driver and version, always 1; pool is empty unless the driver is devicemapper.",
    type: 'gauge',
    labels: ['driver', 'version', 'pool'],
    samples: (host) =>
      host.dockerInfos.map(({ driver, version, poolName }) => ({
        labels: { driver, version: version ?? '', pool: poolName ?? '' },
        value: 1,
      })),
  },
  reduced(
    'none',
    dockerGauge(
      'thinpool_docker_data_available_bytes',
      `Data Space Available ${rounded}.`,
      (dockerInfo) => dockerInfo.dataAvailableBytes,
    ),
  ),
  reduced(
    'none',
    dockerGauge(
      'thinpool_docker_data_size_bytes',
      `Data Space Total ${rounded}.`,
      (dockerInfo) => dockerInfo.dataSizeBytes,
    ),
  ),
  reduced(
    'none',
    dockerGauge(
      'thinpool_docker_metadata_available_bytes',
      `Metadata Space Available ${rounded}.`,
      (dockerInfo) => dockerInfo.metadataAvailableBytes,
    ),
  ),
  reduced(
    'none',
    dockerGauge(
      'thinpool_docker_minimum_free_bytes',
      `Thin Pool Minimum Free Space (of data) ${rounded}; 0 means no minimum, absent before Docker 1.12.`,
      (dockerInfo) => dockerInfo.minimumFreeBytes,
    ),
  ),
  reduced(
    'not-zero',
    dockerGauge(
      'thinpool_docker_pool_unreadable',
      '1 if Docker prints all sizes as 0 B because it cannot read its pool, 0 otherwise.',
      (dockerInfo) => dockerInfo.poolUnreadable,
    ),
  ),
  reduced(
    'not-zero',
    dockerGauge(
      'thinpool_docker_deferred_deleted_devices',
      'Number of deleted devices whose blocks are not freed yet because they are still in use.',
      (dockerInfo) => dockerInfo.deferredDeletedDevices,
    ),
  ),
  reduced(
    'not-zero',
    dockerGauge(
      'thinpool_docker_loopback',
      '1 if the pool is stored in files on loop devices, 0 otherwise.',
      (dockerInfo) => dockerInfo.loopback,
    ),
  ),
];
