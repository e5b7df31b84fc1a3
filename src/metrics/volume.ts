import type { DeviceTraffic } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import type { HostMetric, Labels, Sample } from '../model/metric.ts';
import { joinLvmName } from '../model/names.ts';
import type { Pool, Volume, VolumeUse } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';
import { byVolume } from '../thinpool/by-volume.ts';
import { exclusiveOf } from '../thinpool/exclusive.ts';
import { inactiveIn } from '../thinpool/freeable.ts';
import { reclaimableIn } from '../thinpool/reclaimable.ts';
import { sourceOf, sourcesOf, type VolumeSource } from '../thinpool/snapshots.ts';
import { currentPools, reduced, sample, type Value } from './helpers.ts';

/** Samples of each volume; `labels` are in addition to `pool` and `volume`. */
function metricOfVolumes(
  {
    name,
    help,
    labels,
    type = 'gauge',
    ...rest
  }: Pick<HostMetric, 'name' | 'help' | 'labels' | 'essential'> & Partial<Pick<HostMetric, 'type'>>,
  sampleAll: (pool: Pool, host: Host) => readonly Sample[],
  /** What the samples are made from besides the volumes. Samples of an unchanged list of volumes are reused. */
  basis: (host: Host) => unknown = () => undefined,
): HostMetric {
  const sampled = new WeakMap<
    readonly Volume[],
    { readonly from: unknown; readonly samples: readonly Sample[] }
  >();
  const samples = (host: Host): Sample[] =>
    currentPools(host).flatMap((pool) => {
      const from = basis(host);
      const before = sampled.get(pool.volumes);
      if (before !== undefined && before.from === from) return before.samples;
      const now = { from, samples: sampleAll(pool, host) };
      sampled.set(pool.volumes, now);
      return now.samples;
    });
  return { name, help, type, labels: ['pool', 'volume', ...labels], samples, ...rest };
}

/** Labels in addition to `pool` and `volume`. */
interface Labelling<Subject> {
  readonly names: readonly string[];
  readonly of: (subject: Subject) => Labels;
}

const noLabels = { names: [], of: () => ({}) };

/** One sample for each volume. */
function volumeGauge(
  name: HostMetric['name'],
  help: string,
  value: (volume: Volume) => Value,
  more: Labelling<Volume> = noLabels,
): HostMetric {
  return metricOfVolumes({ name, help, labels: more.names }, (pool) =>
    pool.volumes.flatMap((volume) =>
      sample({ pool: pool.name, volume: volume.name, ...more.of(volume) }, value(volume)),
    ),
  );
}

/** One sample for each volume of which LVM reports a source. */
function sourceGauge(
  name: HostMetric['name'],
  help: string,
  value: (source: VolumeSource) => Value,
  more: Labelling<VolumeSource> = noLabels,
): HostMetric {
  return metricOfVolumes(
    { name, help, labels: more.names },
    (pool, { logicalVolumes }) => {
      const sources = sourcesOf(pool, logicalVolumes);
      return pool.volumes.flatMap((volume) => {
        const source = sourceOf(volume, sources);
        return sample({ pool: pool.name, volume: volume.name, ...more.of(source) }, value(source));
      });
    },
    ({ logicalVolumes }) => logicalVolumes,
  );
}

/** One sample for each volume whose traffic is known. */
function trafficCounter(
  name: HostMetric['name'],
  help: string,
  value: (traffic: DeviceTraffic) => Value,
): HostMetric {
  return metricOfVolumes(
    { name, help, labels: [], type: 'counter' },
    (pool, { deviceTraffic }) => {
      const trafficOf = byVolume(deviceTraffic);
      return pool.volumes.flatMap((volume) => {
        const traffic = trafficOf(volume);
        return sample({ pool: pool.name, volume: volume.name }, traffic && value(traffic));
      });
    },
    ({ deviceTraffic }) => deviceTraffic,
  );
}

/** Of volumes that are not active, for each pool: snapshots that a backup made may be many. */
const inactiveMax = 1000;

const bases = new WeakMap<object, WeakMap<object, object>>();

/** One object for each pair of what was measured and what LVM lists. */
function basisOfExclusive({ exclusive, logicalVolumes }: Host): object | undefined {
  if (exclusive === undefined || exclusive.spaces.length === 0) return undefined;
  const byList = bases.get(exclusive.spaces) ?? new WeakMap<object, object>();
  bases.set(exclusive.spaces, byList);
  const basis = byList.get(logicalVolumes) ?? {};
  byList.set(logicalVolumes, basis);
  return basis;
}

/** One sample for each volume that was measured. */
const exclusiveGauge: HostMetric = metricOfVolumes(
  {
    name: 'thinpool_volume_exclusive_bytes',
    help: 'Space that the thin volume shared with no other volume when it was last measured (thinpool_exclusive_timestamp_seconds): what its removal frees; also of LVM volumes that are not active (from LVM 2.03.12 on), absent unless --volumes.exclusive-at is set, and for volumes that are newer.',
    labels: [],
  },
  (pool, { exclusive, logicalVolumes }) => {
    const measured = exclusiveOf(pool, exclusive);
    if (measured === undefined) return [];
    const sources = sourcesOf(pool, logicalVolumes);
    const active = pool.volumes.map((volume) => ({
      name: volume.name,
      bytes: measured.bytesOf(volume, sourceOf(volume, sources).createdAt),
    }));
    const inactive = inactiveIn(pool, logicalVolumes)
      .map((lv) => ({ name: joinLvmName(lv.vgName, lv.lvName), bytes: measured.bytesOf(lv, lv.createdAt) }))
      .sort((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0))
      .slice(0, inactiveMax);
    return [...active, ...inactive].flatMap(({ name, bytes }) =>
      sample({ pool: pool.name, volume: name }, bytes),
    );
  },
  basisOfExclusive,
);

/** Instances of one name may be in several projects. */
function identify({ id, project }: VolumeUse): string {
  return project === undefined ? id : `${project}/${id}`;
}

/** An `id` is the name as well, unless it is a number or was generated. */
function nameOf({ id, name }: VolumeUse): string {
  return name ?? (/^(?:[0-9]+|(?:pvc-)?[0-9a-f-]{32,}(?:-init)?)$/.test(id) ? '' : id);
}

/** Metrics of each thin volume, up to --volumes.max. */
export const volumeMetrics: readonly HostMetric[] = [
  volumeGauge(
    'thinpool_volume_info',
    "Name of a thin volume in the tool that uses it, always 1: known_as is VG/LV for kind lvm, the container's name (with image) for docker-container, Docker's base device for docker-image, the snapshot number for containerd-snapshot, and the device name for other. owner is the program that manages the volume, role what it is (disk, snapshot, ...), id what uses it (a guest's number, an instance, a persistent volume) and name the name that people gave it; each is empty if not known.",
    () => 1,
    {
      names: ['kind', 'known_as', 'image', 'owner', 'role', 'id', 'name'],
      of: ({ name, knownAs, use }) => ({
        kind: knownAs?.kind ?? 'other',
        known_as: knownAs?.name ?? name,
        image: knownAs?.image ?? '',
        owner: use?.owner ?? '',
        role: use?.role ?? '',
        id: use === undefined ? '' : identify(use),
        name: use === undefined ? '' : nameOf(use),
      }),
    },
  ),
  reduced(
    'detailed-volumes',
    volumeGauge(
      'thinpool_volume_size_bytes',
      'Virtual size of the thin volume.',
      (volume) => volume.sizeBytes,
    ),
  ),
  volumeGauge(
    'thinpool_volume_mapped_bytes',
    'Mapped space of the thin volume; blocks shared with snapshots are counted in each, so the sum over volumes may exceed the used space of the pool.',
    (volume) => volume.mappedBytes,
  ),
  reduced(
    'not-zero',
    volumeGauge(
      'thinpool_volume_failed',
      '1 if the kernel reports Fail or Error for the volume, 0 otherwise; absent while its status is unknown.',
      (volume) =>
        volume.state === undefined ? undefined : volume.state === 'failed' || volume.state === 'unreadable',
    ),
  ),
  reduced(
    'not-zero',
    volumeGauge(
      'thinpool_volume_suspended',
      '1 while the volume is suspended and its I/O waits, 0 otherwise.',
      (volume) => volume.suspended,
    ),
  ),
  exclusiveGauge,
  reduced(
    'detailed-volumes',
    sourceGauge(
      'thinpool_volume_snapshot_info',
      'Origin of a thin snapshot as LVM reports it, always 1; absent for a volume that is no snapshot.',
      ({ snapshotOf }) => (snapshotOf === undefined ? undefined : 1),
      { names: ['origin'], of: ({ snapshotOf = '' }) => ({ origin: snapshotOf }) },
    ),
  ),
  reduced(
    'detailed-volumes',
    sourceGauge(
      'thinpool_volume_created_timestamp_seconds',
      'Unix time at which LVM created the thin volume; absent before LVM 2.03.12, and for volumes without LVM.',
      ({ createdAt }) => createdAt && createdAt / secondMs,
    ),
  ),
  reduced(
    'detailed-volumes',
    trafficCounter(
      'thinpool_volume_written_bytes_total',
      'Bytes written to the thin volume since it was activated; before Linux 4.18 with the discarded ones.',
      ({ writtenBytes }) => writtenBytes,
    ),
  ),
  reduced(
    'detailed-volumes',
    trafficCounter(
      'thinpool_volume_discarded_bytes_total',
      'Bytes discarded in the thin volume since it was activated; absent before Linux 4.18.',
      ({ discardedBytes }) => discardedBytes,
    ),
  ),
  metricOfVolumes(
    {
      name: 'thinpool_volume_reclaimable_bytes',
      essential: 'detailed-volumes',
      help: 'Mapped space of the thin volume that its mounted file system does not use, which is what fstrim frees at most; absent unless ext2, ext3, ext4 or XFS is mounted from the volume itself, and once it has not been read for a quarter of an hour.',
      labels: [],
    },
    (pool, { volumeUsages }) => {
      const reclaimableOf = reclaimableIn(volumeUsages);
      return pool.volumes.flatMap((volume) =>
        sample({ pool: pool.name, volume: volume.name }, reclaimableOf(volume)?.mostBytes),
      );
    },
    ({ volumeUsages }) => volumeUsages,
  ),
];
