import { formatBytes } from '../format/bytes.ts';
import type { DeviceTraffic } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import { memoizePer } from '../model/memoize.ts';
import { isActive, type Pool, type Volume } from '../model/pool.ts';
import { daySeconds, secondMs } from '../model/units.ts';
import { byVolume } from '../thinpool/by-volume.ts';
import { sourceOf, sourcesOf, type VolumeSource } from '../thinpool/snapshots.ts';
import { type AdvisedPool, deviceOf, isExtendedByLvm, lvOf, quote } from './commands.ts';
import { nameVolume } from './owners.ts';
import { type PoolHit, poolRule, type Rule } from './rule.ts';
import { describeTrim } from './trim.ts';

const GiB = 1024 ** 3;

/** Less than that is not worth a note. */
const mappedMin = GiB;

/**
 * Written four times what it maps: its content was replaced several times over, so files have been deleted in it. Data that
 * was copied in once is written once, and with the journal of a file system less than twice.
 */
const rewrittenMin = 4;

/** fstrim.timer runs once a week: a volume that is younger may not have had its turn (util-linux sys-utils/fstrim.timer). */
const ageMinMs = 8 * daySeconds * secondMs;

interface Undiscarded {
  readonly volume: Volume;
  readonly mappedBytes: number;
  readonly writtenBytes: number;
}

/** Volumes that have written much and discarded nothing, the largest first. Those that never need to are left out. */
function undiscarded(pool: Pool, { deviceTraffic, logicalVolumes, takenAt }: Host): Undiscarded[] {
  const found = undiscardedOfAnyAge(pool.volumes, deviceTraffic);
  if (found.length === 0) return [];
  const sources = sourcesOf(pool, logicalVolumes);
  return found.filter(({ volume }) => !isYoung(volume, sourceOf(volume, sources), takenAt));
}

const undiscardedOfAnyAge = memoizePer(
  (volumes: readonly Volume[], deviceTraffic: readonly DeviceTraffic[]): readonly Undiscarded[] => {
    const trafficOf = byVolume(deviceTraffic);
    return volumes
      .flatMap((volume) => {
        const { mappedBytes = 0 } = volume;
        const traffic = mappedBytes < mappedMin ? undefined : trafficOf(volume);
        if (traffic?.discardedBytes !== 0 || traffic.writtenBytes < rewrittenMin * mappedBytes) return [];
        if (describeTrim(volume.use) === undefined) return [];
        return [{ volume, mappedBytes, writtenBytes: traffic.writtenBytes }];
      })
      .sort((one, other) => other.mappedBytes - one.mappedBytes);
  },
);

/** The counters begin with the activation, whose time is known only if it was seen. */
function isYoung({ createdAfter = 0 }: Volume, { createdAt = 0 }: VolumeSource, now: number): boolean {
  const since = Math.max(createdAfter, createdAt);
  return now - since < ageMinMs;
}

function judge(pool: Pool, host: Host): readonly PoolHit[] {
  if (!isActive(pool)) return [];
  if (pool.counters?.discard === 'ignore_discard')
    return [{ message: 'ignores discards: files that are deleted free nothing in it', advice: allow(pool) }];
  const found = undiscarded(pool, host);
  const [first] = found;
  if (first === undefined) return [];
  const many = found.length === 1 ? 'a volume that has' : `${found.length} volumes that have`;
  const { volume, mappedBytes, writtenBytes } = first;
  const example = `${nameVolume(volume)}: ${formatBytes(writtenBytes)} written, ${formatBytes(mappedBytes)} mapped`;
  return [
    {
      message: `has ${many} never discarded a block${found.length === 1 ? '' : ', for example'} (${example})`,
      advice: `Trim: ${describeTrim(volume.use)}. Then regularly: \`systemctl enable --now fstrim.timer\` where the file system is mounted. \`thinpool-exporter top ${quote(pool.name)}\` lists what would free space.`,
    },
  ];
}

/** LVM refuses to change that of a pool that is active (lvm2 lib/metadata/thin_manip.c). */
function allow(pool: AdvisedPool): string {
  return isExtendedByLvm(pool)
    ? `While the pool is not active: \`lvchange --discards passdown ${lvOf(pool)}\`.`
    : `Reload the table of ${deviceOf(pool)} without \`ignore_discard\`.`;
}

export const discardRules: readonly Rule[] = [
  poolRule({
    code: 'never-discards',
    severity: 'info',
    about: 'setup',
    alert: 'ThinPoolRisk',
    meaning:
      'A volume has written four times what it maps and discarded nothing, so that the pool keeps the blocks of files that were deleted; or the pool ignores discards. A database that rewrites its files in place needs no discards.',
    advice: 'Trim the file systems of the volumes (`thinpool-exporter top POOL`), and enable fstrim.timer.',
    judge,
  }),
];
