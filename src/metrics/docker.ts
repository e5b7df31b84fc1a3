import type { Consumer } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { HostMetric } from '../model/metric.ts';
import { sample, type Value } from './helpers.ts';

function consumerGauge(
  name: HostMetric['name'],
  help: string,
  value: (consumer: Consumer) => Value,
): HostMetric {
  const samples = (host: Host) =>
    host.consumers.flatMap((consumer) =>
      sample(
        { pool: consumer.poolName ?? '' },
        consumer.poolName === undefined ? undefined : value(consumer),
      ),
    );
  return { name, help, type: 'gauge', labels: ['pool'], samples };
}

const rounded = 'as docker info prints it, rounded to four digits';

/** Metrics from docker info. */
export const consumerMetrics: readonly HostMetric[] = [
  {
    name: 'thinpool_docker_info',
    help: "Docker's storage driver and version, always 1; pool is empty unless the driver is devicemapper.",
    type: 'gauge',
    labels: ['driver', 'version', 'pool'],
    samples: (host) =>
      host.consumers.map(({ driver, version, poolName }) => ({
        labels: { driver, version: version ?? '', pool: poolName ?? '' },
        value: 1,
      })),
  },
  consumerGauge(
    'thinpool_docker_data_available_bytes',
    `Data Space Available ${rounded}.`,
    (consumer) => consumer.dataAvailableBytes,
  ),
  consumerGauge(
    'thinpool_docker_data_size_bytes',
    `Data Space Total ${rounded}.`,
    (consumer) => consumer.dataSizeBytes,
  ),
  consumerGauge(
    'thinpool_docker_metadata_available_bytes',
    `Metadata Space Available ${rounded}.`,
    (consumer) => consumer.metadataAvailableBytes,
  ),
  consumerGauge(
    'thinpool_docker_minimum_free_bytes',
    `Thin Pool Minimum Free Space (of data) ${rounded}; 0 means no minimum, absent before Docker 1.12.`,
    (consumer) => consumer.minimumFreeBytes,
  ),
  consumerGauge(
    'thinpool_docker_pool_unreadable',
    '1 if Docker prints all sizes as 0 B because it cannot read its pool, 0 otherwise.',
    (consumer) => consumer.poolUnreadable,
  ),
  consumerGauge(
    'thinpool_docker_deferred_deleted_devices',
    'Number of deleted devices whose blocks are not freed yet because they are still in use.',
    (consumer) => consumer.deferredDeletedDevices,
  ),
  consumerGauge(
    'thinpool_docker_loopback',
    '1 if the pool is stored in files on loop devices, 0 otherwise.',
    (consumer) => consumer.loopback,
  ),
];
