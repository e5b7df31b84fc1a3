import type { DeviceTraffic } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import { memoizePer } from '../model/memoize.ts';
import type { HostMetric, Labels, Sample } from '../model/metric.ts';
import { joinLvmName } from '../model/names.ts';
import type { Pool, Volume, VolumeUse } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';
import { byVolume } from '../thinpool/by-volume.ts';
import { exclusiveOf } from '../thinpool/exclusive.ts';
import { inactiveIn } from '../thinpool/freeable.ts';
import { reclaimableIn } from '../thinpool/reclaimable.ts';
import { sourceOf, sourcesOf, type VolumeSource } from '../thinpool/snapshots.ts';
import { currentPools, reduced, sample, sampleOf, type Value } from './helpers.ts';

/** What a metric has of the volumes of a pool. */
interface Sampled {
  readonly volumes: readonly Volume[];
  readonly from: unknown;
  /** In the order of the volumes. */
  readonly each: readonly (Sample | undefined)[];
  readonly samples: readonly Sample[];
}

/**
 * At most one sample of each volume; `labels` are in addition to `pool` and `volume`. A volume that is the same object as before
 * has the same sample, unless something else that it is made from has changed: `basis`.
 */
function metricOfVolumes(
  {
    name,
    help,
    labels,
    type = 'gauge',
    ...rest
  }: Pick<HostMetric, 'name' | 'help' | 'labels' | 'essential'> & Partial<Pick<HostMetric, 'type'>>,
  sampler: (pool: Pool, host: Host) => (volume: Volume) => Sample | undefined,
  basis: (host: Host) => unknown = () => undefined,
  /** Samples of what is no active volume. */
  others: (pool: Pool, host: Host) => readonly Sample[] = () => [],
): HostMetric {
  let sampled: ReadonlyMap<string, Sampled> = new Map();
  const samplePool = (pool: Pool, host: Host): Sampled => {
    const { volumes } = pool;
    const from = basis(host);
    const before = sampled.get(pool.name);
    const known = before?.from === from ? before : undefined;
    if (known?.volumes === volumes) return known;
    const sampleOne = sampler(pool, host);
    const each = volumes.map((volume, at) =>
      volume === known?.volumes[at] ? known.each[at] : sampleOne(volume),
    );
    const samples = [...each.filter((one) => one !== undefined), ...others(pool, host)];
    return { volumes, from, each, samples };
  };
  const samples = (host: Host): Sample[] => {
    const all = currentPools(host).map((pool) => [pool.name, samplePool(pool, host)] as const);
    sampled = new Map(all);
    return all.flatMap(([, { samples }]) => samples);
  };
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
  return metricOfVolumes(
    { name, help, labels: more.names },
    (pool) => (volume) =>
      sampleOf({ pool: pool.name, volume: volume.name, ...more.of(volume) }, value(volume)),
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
      return (volume) => {
        const source = sourceOf(volume, sources);
        return sampleOf({ pool: pool.name, volume: volume.name, ...more.of(source) }, value(source));
      };
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
      return (volume) => {
        const traffic = trafficOf(volume);
        return sampleOf({ pool: pool.name, volume: volume.name }, traffic && value(traffic));
      };
    },
    ({ deviceTraffic }) => deviceTraffic,
  );
}

/** Of volumes that are not active, for each pool: snapshots that a backup made may be many. */
const inactiveMax = 1000;

/** One object for each pair of what was measured and what LVM lists. */
const exclusiveBasis = memoizePer((_spaces: object, _logicalVolumes: object) => ({}));

function basisOfExclusive({ exclusive, logicalVolumes }: Host): object | undefined {
  return exclusive === undefined || exclusive.spaces.length === 0
    ? undefined
    : exclusiveBasis(exclusive.spaces, logicalVolumes);
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
    if (measured === undefined) return () => undefined;
    const sources = sourcesOf(pool, logicalVolumes);
    return (volume) =>
      sampleOf(
        { pool: pool.name, volume: volume.name },
        measured.bytesOf(volume, sourceOf(volume, sources).createdAt),
      );
  },
  basisOfExclusive,
  (pool, { exclusive, logicalVolumes }) => {
    const measured = exclusiveOf(pool, exclusive);
    if (measured === undefined) return [];
    return inactiveIn(pool, logicalVolumes)
      .map((lv) => ({ name: joinLvmName(lv.vgName, lv.lvName), bytes: measured.bytesOf(lv, lv.createdAt) }))
      .sort((one, other) => (other.bytes ?? 0) - (one.bytes ?? 0))
      .slice(0, inactiveMax)
      .flatMap(({ name, bytes }) => sample({ pool: pool.name, volume: name }, bytes));
  },
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
    'none',
    sourceGauge(
      'thinpool_volume_created_timestamp_seconds',
      'Unix time at which LVM created the thin volume; absent before LVM 2.03.12, and for volumes without LVM.',
      ({ createdAt }) => createdAt && createdAt / secondMs,
    ),
  ),
  reduced(
    'none',
    trafficCounter(
      'thinpool_volume_written_bytes_total',
      'Bytes written to the thin volume since it was activated; before Linux 4.18 with the discarded ones.',
      ({ writtenBytes }) => writtenBytes,
    ),
  ),
  reduced(
    'none',
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
      return (volume) => sampleOf({ pool: pool.name, volume: volume.name }, reclaimableOf(volume)?.mostBytes);
    },
    ({ volumeUsages }) => volumeUsages,
  ),
];
