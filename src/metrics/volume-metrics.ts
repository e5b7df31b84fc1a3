import type { Host, Pool, Volume } from '../model/host.ts';
import type { HostMetric } from '../model/metric.ts';
import { currentPools, poolGauges, sample, type Value } from './sample.ts';

function volumeGauge(
  name: HostMetric['name'],
  help: string,
  value: (volume: Volume, pool: Pool) => Value,
): HostMetric {
  const samples = (host: Host) =>
    currentPools(host).flatMap((pool) =>
      pool.volumes.flatMap((volume) => sample({ pool: pool.name, volume: volume.name }, value(volume, pool))),
    );
  return { name, help, type: 'gauge', labels: ['pool', 'volume'], samples };
}

/** Thin volumes one by one, up to --volumes.max. */
export const volumeMetrics: readonly HostMetric[] = [
  poolGauges(
    'thinpool_volume_info',
    "What people call a thin volume (known_as): of kind lvm VG/LV; docker-container the name of the container, with its image; docker-image Docker's base device; containerd-snapshot the number of the snapshot; other the name of the device. Names stay while Docker does not answer. Always 1.",
    ['volume', 'kind', 'known_as', 'image'],
    ({ volumes }) =>
      volumes.map(({ name, knownAs }) => ({
        labels: {
          volume: name,
          kind: knownAs?.kind ?? 'other',
          known_as: knownAs?.name ?? name,
          image: knownAs?.image ?? '',
        },
        value: 1,
      })),
  ),
  volumeGauge('thinpool_volume_size_bytes', 'Virtual size of a thin volume.', (volume) => volume.sizeBytes),
  volumeGauge(
    'thinpool_volume_mapped_bytes',
    'Mapped space of a thin volume, blocks shared with snapshots included: the sum over volumes may exceed what the pool uses.',
    (volume) => volume.mappedBytes,
  ),
  volumeGauge('thinpool_volume_failed', '1 if the kernel says Fail or Error for the volume.', (volume) =>
    volume.state === undefined ? undefined : volume.state === 'failed' || volume.state === 'unreadable',
  ),
  volumeGauge(
    'thinpool_volume_suspended',
    '1 while the volume is suspended: its I/O waits.',
    (volume) => volume.suspended,
  ),
];
