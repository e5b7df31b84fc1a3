import { formatBytes, formatShare } from '../format/bytes.ts';
import type { VolumeGroup } from '../model/facts.ts';
import { type Pool, resources } from '../model/pool.ts';
import { minuteMs } from '../model/units.ts';
import { isPastThreshold } from '../thinpool/autoextend.ts';
import { type Refusal, refusalsOf } from '../thinpool/lvm-minimum-free.ts';
import { isNearEnd } from '../thinpool/near-end.ts';
import { allocatableBytes, type Obstacle, obstacleOf } from '../thinpool/vg-room.ts';
import { type AdvisedPool, extendBy, extendByPart, vgOf } from './commands.ts';
import { adviceAtMetadataLimit } from './metadata-limit.ts';
import { describeUnneeded } from './owners.ts';
import { type Context, type Hit, type PoolHit, poolRule, type Rule } from './rule.ts';

interface Reason {
  readonly message: (group: VolumeGroup) => string;
  readonly advice: (vg: string) => string;
}

/** Why LVM changes nothing in a VG, and what to do about it. */
export const reasons: Readonly<Record<Obstacle, Reason>> = {
  'missing-pv': {
    message: ({ vgName, missingPvCount = 1 }) =>
      missingPvCount === 1
        ? `a PV is missing from VG ${vgName}`
        : `${missingPvCount} PVs are missing from VG ${vgName}`,
    advice: (vg) =>
      `Find the missing disk (\`pvs -o+pv_missing\`; cables, multipath, iSCSI) and bring it back: \`vgextend --restoremissing ${vg} DEVICE\`. Only if it is lost for good: \`vgreduce --removemissing ${vg}\`.`,
  },
  'read-only': {
    message: ({ vgName }) => `VG ${vgName} is read-only`,
    advice: (vg) => `Find out why it was made read-only. Then: \`vgchange --permission rw ${vg}\`.`,
  },
  exported: {
    message: ({ vgName }) => `VG ${vgName} is exported`,
    advice: (vg) => `If this host is to use it: \`vgimport ${vg}\`.`,
  },
  'unknown-segment': {
    message: ({ vgName }) => `VG ${vgName} has a segment type that this LVM does not know`,
    advice: (vg) => `Use the LVM release that created it. \`lvs -a -o+segtype ${vg}\` shows the type.`,
  },
};

/** It will need space from the VG soon, or does already. */
function needsRoomNow(pool: Pool): boolean {
  return resources.some((resource) => isNearEnd(pool, resource) || isPastThreshold(pool, resource));
}

function notChangeable(pool: Pool): PoolHit[] {
  const { volumeGroup } = pool;
  const obstacle = volumeGroup && obstacleOf(volumeGroup);
  // Of a pool that is not active this is the cause, and pool-inactive names it.
  if (volumeGroup === undefined || obstacle === undefined || pool.presence === 'inactive') return [];
  const { vgName, label = vgName } = volumeGroup;
  const { message, advice } = reasons[obstacle];
  return [
    {
      vg: label,
      message: `cannot be extended: ${message(volumeGroup)}`,
      advice: advice(vgName),
      severity: needsRoomNow(pool) ? 'critical' : 'warning',
    },
  ];
}

/** A broken or full pool refuses more than new volumes, and has a finding of its own. */
function canBeWritten(pool: Pool): boolean {
  const { counters } = pool;
  const state = pool.presence === 'unseen' && pool.lvm?.health === undefined ? 'readable' : pool.state;
  const isFull = resources.some((resource) => pool[resource]?.freeBytes === 0);
  return (
    state === 'readable' &&
    !isFull &&
    counters?.needsCheck !== true &&
    [undefined, 'rw'].includes(counters?.mode)
  );
}

const percent = (value: number): string => `${value.toFixed(2).replace(/\.?0+$/, '')}%`;

function refuses(pool: Pool, { limits }: Context): Hit[] {
  if (!canBeWritten(pool)) return [];
  return refusalsOf(pool).map((refusal) => {
    const { resource, usedPercent, limitPercent, why, isClose } = refusal;
    const limit = `${why === 'threshold' ? 'its autoextend threshold' : "LVM's limit"} of ${percent(limitPercent)}`;
    const used = `${formatShare(usedPercent, 100)} of its ${resource} is used`;
    return {
      pool: pool.name,
      resource,
      summary: isClose
        ? `pool ${pool.name} is at the limit above which LVM refuses new thin volumes and snapshots: ${used}, and ${limit} is reached`
        : `LVM refuses new thin volumes and snapshots in pool ${pool.name}: ${used}, above ${limit}`,
      advice: adviceFor(pool, refusal),
      severity: limits.lvmRefusal,
      ...(pool.lvmLastKnown && { lastKnown: true }),
    };
  });
}

function removeFrom(pool: AdvisedPool): string {
  return `remove ${describeUnneeded(pool, 'thin volumes and snapshots that are not needed (`lvremove`)')}`;
}

/** Data: what takes usage below the limit, and a quarter more. Metadata: as much as there is, up to 1 GiB. */
function adviceFor(pool: Pool, { resource, usedPercent, limitPercent }: Refusal): string {
  const atLimit = resource === 'metadata' ? adviceAtMetadataLimit(pool) : undefined;
  if (atLimit !== undefined) return atLimit;
  const size = pool[resource]?.sizeBytes ?? 0;
  const missing = (size * (usedPercent / limitPercent - 1) * 5) / 4;
  const remove = removeFrom(pool);
  const command =
    resource === 'metadata'
      ? extendByPart(pool, resource)
      : extendBy(pool, resource, Math.max(missing, size / 20));
  if (command !== undefined) return `Extend the pool: ${command}. Or ${remove}.`;
  const { volumeGroup } = pool;
  const free = volumeGroup && formatBytes(allocatableBytes(volumeGroup) ?? volumeGroup.freeBytes);
  const has = free === undefined ? '' : `, which has ${free} free,`;
  return `Add a PV to VG ${vgOf(pool)}${has} and extend the pool: \`vgextend ${vgOf(pool)} DEVICE\`. Or ${remove}.`;
}

/** What LVM refuses to do. */
export const lvmRules: readonly Rule[] = [
  {
    code: 'lvm-refuses-new-volumes',
    severity: 'warning',
    escalates: true,
    about: 'setup',
    alert: 'ThinPoolLvmRefusesVolumes',
    meaning:
      'LVM has been refusing new thin volumes and snapshots in the pool for three minutes: usage is above its autoextend threshold, or no more than 4 MiB (a quarter, of small metadata) of its metadata is free. Existing volumes are not affected. Not reported for pools whose volumes are created by Docker or containerd. A warning, unless `--lvm-refusal.severity=critical` is set because volumes are created all the time.',
    advice: `Extend the pool (\`lvextend -L +SIZE VG/POOL\`, or \`--poolmetadatasize +SIZE\` for metadata). Or ${removeFrom(undefined)}.`,
    // dmeventd checks every ten seconds, and what fails for a moment succeeds at the next check.
    afterMs: 3 * minuteMs,
    find: (host, context) => host.pools.flatMap((pool) => refuses(pool, context)),
  },
  poolRule({
    code: 'vg-not-changeable',
    restsOnLvm: true,
    severity: 'warning',
    escalates: true,
    about: 'setup',
    alert: 'ThinPoolAutoextendNoRoom',
    meaning:
      'LVM cannot change the VG, so the pool cannot be extended, automatically or by hand: a PV is missing, or the VG is read-only, exported, or has a segment type that this LVM does not know. Critical if the pool needs space now: above its autoextend threshold, or nearly full.',
    advice:
      'Bring the missing PV back (or `vgreduce --removemissing VG` if it is lost for good), `vgchange --permission rw VG`, or `vgimport VG`.',
    judge: notChangeable,
  }),
];
