import { formatBytes, formatShare } from '../format/bytes.ts';
import type { Severity } from '../model/finding.ts';
import type { Host } from '../model/host.ts';
import { isActive, type Pool, type Volume } from '../model/pool.ts';
import { minuteMs } from '../model/units.ts';
import { byVolume } from '../thinpool/by-volume.ts';
import { reclaimableIn } from '../thinpool/reclaimable.ts';
import { unwritable } from '../thinpool/room.ts';
import { quote } from './commands.ts';
import { nameVolume } from './owners.ts';
import { type Context, type PoolHit, poolRule, type Rule } from './rule.ts';
import { thresholds } from './thresholds.ts';
import { describeTrim } from './trim.ts';

/**
 * A third of what is left where a pool is nearly full: worth a command. Less comes and goes between two weekly runs of
 * fstrim.timer, and in a small pool one log file is 5%.
 */
const worthShare = 0.05;
const worthBytes = 1024 ** 3;

/** It ends with a trim, not with a few files that are written. */
const heldShare = 0.8;

/** Trimming frees whole blocks of the pool: parts of blocks that are in use remain, in a file system with many small holes a few percent. */
const remainderShare = 0.1;

interface Trimmable {
  readonly volume: Volume;
  readonly mostBytes: number;
  readonly likelyBytes: number;
}

/** Most first. */
function trimmableIn(pool: Pool, { volumeUsages }: Pick<Host, 'volumeUsages'>): readonly Trimmable[] {
  if (volumeUsages.length === 0) return [];
  const reclaimableOf = reclaimableIn(volumeUsages);
  return pool.volumes
    .flatMap((volume) => {
      const { mostBytes = 0, likelyBytes = 0 } = reclaimableOf(volume) ?? {};
      const { mappedBytes = 0 } = volume;
      return likelyBytes > 0 && likelyBytes >= remainderShare * mappedBytes
        ? [{ volume, mostBytes, likelyBytes }]
        : [];
    })
    .sort((one, other) => other.mostBytes - one.mostBytes);
}

function judge(pool: Pool, host: Host, context: Context): readonly PoolHit[] {
  const { data, counters } = pool;
  if (!isActive(pool) || data === undefined || unwritable(pool) !== undefined) return [];
  // Trimming would free nothing: never-discards says so.
  if (counters?.discard === 'ignore_discard') return [];
  const found = trimmableIn(pool, host);
  const likely = sum(found.map(({ likelyBytes }) => likelyBytes));
  const held = context.before({ pool: pool.name }) === undefined ? 1 : heldShare;
  if (likely <= held * Math.max(worthShare * data.sizeBytes, worthBytes)) return [];
  const most = Math.min(sum(found.map(({ mostBytes }) => mostBytes)), data.usedBytes);
  return [
    {
      severity: severityOf(pool, context),
      message: `would get back at most ${formatBytes(most)} from a trim (${formatShare(most, data.sizeBytes)} of its data): ${listVolumes(found)}`,
      advice: adviceFor(pool, found, host),
    },
  ];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** A warning where the pool is nearly full, whatever else is about to happen to it. */
function severityOf({ name, data }: Pool, { limits, before }: Context): Severity {
  const slack = before({ pool: name }) === 'warning' ? thresholds.nearlyFullHold.value : 0;
  const isNearlyFull = data !== undefined && data.usedBytes / data.sizeBytes >= limits.warningRatio - slack;
  return isNearlyFull ? 'warning' : 'info';
}

/** The others are counted. */
const namedMax = 3;

function listVolumes(found: readonly Trimmable[]): string {
  const names = found
    .slice(0, namedMax)
    .map(({ volume, mostBytes }) => `${nameVolume(volume)} (${formatBytes(mostBytes)})`);
  const others = found.length - names.length;
  return [...names, ...(others === 0 ? [] : [`${others} more`])].join(', ');
}

function adviceFor(pool: Pool, found: readonly Trimmable[], { volumeMounts }: Host): string {
  const mountOf = byVolume(volumeMounts);
  const commands = found
    .slice(0, namedMax)
    .flatMap(({ volume }) => describeTrim(volume.use, mountOf(volume)?.mountPoint) ?? []);
  return `Trim: ${commands.join(', ')}. Then regularly: \`systemctl enable --now fstrim.timer\`. Blocks that a snapshot shares stay until it is gone. \`thinpool-exporter top ${quote(pool.name)}\` lists the rest, also guests, whose file systems the host does not see.`;
}

export const trimmableRules: readonly Rule[] = [
  poolRule({
    code: 'trim-would-free',
    severity: 'info',
    about: 'state',
    alert: 'ThinPoolRisk',
    meaning:
      'For half an hour, mounted file systems have used much less than their volumes map: by more than 5% of the pool and 1 GiB, without what a file system needs for itself. Files were deleted in them and not trimmed. A warning where the pool is nearly full. Not where the pool ignores discards.',
    advice:
      'Trim the file systems (`fstrim MOUNTPOINT`, in containers of Proxmox VE `pct fstrim ID`, in guests `qm agent ID fstrim`), and enable fstrim.timer.',
    afterMs: 30 * minuteMs,
    judge,
  }),
];
