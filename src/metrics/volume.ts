import type { Host } from '../model/host.ts';
import type { HostMetric, Labels, Sample } from '../model/metric.ts';
import type { Pool, Volume } from '../model/pool.ts';
import { currentPools, sample, type Value } from './helpers.ts';

/** A gauge with one sample per volume. A volume object that is unchanged keeps its sample object. */
function volumeGauge(
  name: HostMetric['name'],
  help: string,
  value: (volume: Volume) => Value,
  more: Labelling = { names: [], of: () => ({}) },
): HostMetric {
  const sampled = new WeakMap<readonly Volume[], readonly Sample[]>();
  const sampleAll = (pool: Pool): readonly Sample[] => {
    const samples = pool.volumes.flatMap((volume) =>
      sample({ pool: pool.name, volume: volume.name, ...more.of(volume) }, value(volume)),
    );
    sampled.set(pool.volumes, samples);
    return samples;
  };
  const samples = (host: Host) =>
    currentPools(host).flatMap((pool) => sampled.get(pool.volumes) ?? sampleAll(pool));
  return { name, help, type: 'gauge', labels: ['pool', 'volume', ...more.names], samples };
}

/** Labels in addition to those of the pool and the volume. */
interface Labelling {
  readonly names: readonly string[];
  readonly of: (volume: Volume) => Labels;
}

/** One by one, up to --volumes.max. */
export const volumeMetrics: readonly HostMetric[] = [
  volumeGauge(
    'thinpool_volume_info',
    "What people call a thin volume (known_as): of kind lvm VG/LV; docker-container the name of the container, with its image; docker-image Docker's base device; containerd-snapshot the number of the snapshot; other the name of the device. Names stay while Docker does not answer. Always 1.",
    () => 1,
    {
      names: ['kind', 'known_as', 'image'],
      of: ({ name, knownAs }) => ({
        kind: knownAs?.kind ?? 'other',
        known_as: knownAs?.name ?? name,
        image: knownAs?.image ?? '',
      }),
    },
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
