import type { Host } from '../model/host.ts';
import type { HostMetric, Labels, Sample } from '../model/metric.ts';
import type { Pool, Volume } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';
import { sourceOf, sourcesOf, type VolumeSource } from '../thinpool/snapshots.ts';
import { currentPools, sample, type Value } from './helpers.ts';

/** A gauge with one sample per volume. Samples of an unchanged list of volumes are reused. */
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

/** Labels in addition to `pool` and `volume`. */
interface Labelling {
  readonly names: readonly string[];
  readonly of: (volume: Volume) => Labels;
}

/** One sample for each volume of which LVM reports a source. Samples of unchanged lists are reused. */
function sourceGauge(
  name: HostMetric['name'],
  help: string,
  { value, more }: { readonly value: (source: VolumeSource) => Value; readonly more: SourceLabelling },
): HostMetric {
  const sampled = new WeakMap<
    readonly Volume[],
    { readonly from: Host['logicalVolumes']; readonly samples: readonly Sample[] }
  >();
  const sampleAll = (pool: Pool, from: Host['logicalVolumes']): readonly Sample[] => {
    const sources = sourcesOf(pool, from);
    const samples = pool.volumes.flatMap((volume) => {
      const source = sourceOf(volume, sources);
      return sample({ pool: pool.name, volume: volume.name, ...more.of(source) }, value(source));
    });
    sampled.set(pool.volumes, { from, samples });
    return samples;
  };
  const samples = (host: Host) =>
    currentPools(host).flatMap((pool) => {
      const before = sampled.get(pool.volumes);
      return before?.from === host.logicalVolumes ? before.samples : sampleAll(pool, host.logicalVolumes);
    });
  return { name, help, type: 'gauge', labels: ['pool', 'volume', ...more.names], samples };
}

interface SourceLabelling {
  readonly names: readonly string[];
  readonly of: (source: VolumeSource) => Labels;
}

/** Metrics of each thin volume, up to --volumes.max. */
export const volumeMetrics: readonly HostMetric[] = [
  volumeGauge(
    'thinpool_volume_info',
    "Name of a thin volume in the tool that uses it, always 1: known_as is VG/LV for kind lvm, the container's name (with image) for docker-container, Docker's base device for docker-image, the snapshot number for containerd-snapshot, and the device name for other.",
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
  volumeGauge('thinpool_volume_size_bytes', 'Virtual size of the thin volume.', (volume) => volume.sizeBytes),
  volumeGauge(
    'thinpool_volume_mapped_bytes',
    'Mapped space of the thin volume; blocks shared with snapshots are counted in each, so the sum over volumes may exceed the used space of the pool.',
    (volume) => volume.mappedBytes,
  ),
  volumeGauge(
    'thinpool_volume_failed',
    '1 if the kernel reports Fail or Error for the volume, 0 otherwise; absent while its status is unknown.',
    (volume) =>
      volume.state === undefined ? undefined : volume.state === 'failed' || volume.state === 'unreadable',
  ),
  volumeGauge(
    'thinpool_volume_suspended',
    '1 while the volume is suspended and its I/O waits, 0 otherwise.',
    (volume) => volume.suspended,
  ),
  sourceGauge(
    'thinpool_volume_snapshot_info',
    'Origin of a thin snapshot as LVM reports it, always 1; absent for a volume that is no snapshot.',
    {
      value: ({ snapshotOf }) => (snapshotOf === undefined ? undefined : 1),
      more: { names: ['origin'], of: ({ snapshotOf = '' }) => ({ origin: snapshotOf }) },
    },
  ),
  sourceGauge(
    'thinpool_volume_created_timestamp_seconds',
    'Unix time at which LVM created the thin volume; absent before LVM 2.03.12, and for volumes without LVM.',
    {
      value: ({ createdAt }) => createdAt && createdAt / secondMs,
      more: { names: [], of: () => ({}) },
    },
  ),
];
