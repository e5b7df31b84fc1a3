import { formatBytes } from '../format/bytes.ts';
import type { VolumeGroup } from '../model/facts.ts';
import type { Host } from '../model/host.ts';
import { type Pool, resources } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';
import { isPastThreshold } from '../thinpool/autoextend.ts';
import { type Refusal, refusalsOf } from '../thinpool/lvm-minimum-free.ts';
import { isNearEnd } from '../thinpool/near-end.ts';
import { allocatableBytes, type Obstacle, obstacleOf } from '../thinpool/vg-room.ts';
import { adviceAtMetadataLimit, extendCommand, lastMetadataBytes } from './extend-command.ts';
import { type Hit, type PoolHit, poolRule, type Rule } from './rule.ts';

/** Why LVM changes nothing in the VG, and what to do about it. */
const obstacles: Readonly<
  Record<Obstacle, { readonly says: (group: VolumeGroup) => string; readonly advice: (vg: string) => string }>
> = {
  'missing-pv': {
    says: ({ missingPvCount = 1 }) =>
      `${missingPvCount === 1 ? 'a PV is' : `${missingPvCount} PVs are`} missing from`,
    advice: (vg) =>
      `Find the missing disk (pvs -o+pv_missing; cables, multipath, iSCSI) and bring it back: vgextend --restoremissing ${vg} DEVICE. Only if it is lost for good: vgreduce --removemissing ${vg}.`,
  },
  'read-only': {
    says: () => 'no permission to write to',
    advice: (vg) => `See why it was made read-only; then: vgchange --permission rw ${vg}.`,
  },
  exported: {
    says: () => 'vgexport was run on',
    advice: (vg) => `If this host is to use it: vgimport ${vg}.`,
  },
  'unknown-segment': {
    says: () => 'this LVM does not know a segment type in',
    advice: (vg) => `Run the LVM release that made it: lvs -a -o+segtype ${vg} names the type.`,
  },
};

/** The pool will ask the VG for room soon, or does already. */
function needsRoomNow(pool: Pool): boolean {
  return resources.some((resource) => isNearEnd(pool, resource) || isPastThreshold(pool, resource));
}

function notChangeable(pool: Pool): PoolHit[] {
  const { volumeGroup } = pool;
  const obstacle = volumeGroup && obstacleOf(volumeGroup);
  if (volumeGroup === undefined || obstacle === undefined) return [];
  const { vgName, label = vgName } = volumeGroup;
  const { says, advice } = obstacles[obstacle];
  return [
    {
      vg: label,
      says: `cannot be extended: ${says(volumeGroup)} VG ${vgName}`,
      advice: advice(vgName),
      severity: needsRoomNow(pool) ? 'critical' : 'warning',
    },
  ];
}

/** A broken or full pool refuses more than new volumes, and says so by a finding of its own. */
function canBeWritten({ state, counters }: Pool): boolean {
  return state === 'readable' && counters?.needsCheck !== true && [undefined, 'rw'].includes(counters?.mode);
}

function isFull(pool: Pool): boolean {
  return resources.some((resource) => pool[resource]?.freeBytes === 0);
}

const percent = (value: number): string => `${value.toFixed(2).replace(/\.?0+$/, '')}%`;

function refuses(pool: Pool): Hit[] {
  if (!canBeWritten(pool) || isFull(pool)) return [];
  return refusalsOf(pool).map((refusal) => {
    const { resource, usedPercent, limitPercent, why, isClose } = refusal;
    const limit =
      why === 'threshold'
        ? `its autoextend threshold of ${percent(limitPercent)}`
        : `LVM's limit of ${percent(limitPercent)}`;
    const used = `${usedPercent.toFixed(2)}% of its ${resource} is used`;
    return {
      pool: pool.name,
      resource,
      summary: isClose
        ? `pool ${pool.name} is at the limit at which LVM refuses new thin volumes and snapshots: ${used}, and ${limit} is reached`
        : `LVM refuses new thin volumes and snapshots in pool ${pool.name}: ${used}, more than ${limit}`,
      advice: adviceFor(pool, refusal),
      severity: isNearEnd(pool, resource) ? 'critical' : 'warning',
    };
  });
}

/** What brings use below the limit, and a quarter more; of metadata as much as there is, up to 1 GiB. */
function adviceFor(pool: Pool, { resource, usedPercent, limitPercent }: Refusal): string {
  const space = pool[resource];
  const size = space?.sizeBytes ?? 0;
  const last = resource === 'metadata' && space ? lastMetadataBytes(pool, space.blocks) : undefined;
  if (last !== undefined) return adviceAtMetadataLimit(pool, last);
  const missing = (size * (usedPercent / limitPercent - 1) * 5) / 4;
  const usual = resource === 'data' ? size / 20 : Math.min(size, 1024 ** 3);
  const command = extendCommand(pool, resource, Math.max(missing, usual));
  const remove = 'remove thin volumes and snapshots that are not needed (lvremove)';
  if (command !== undefined) return `Extend the pool: ${command}; or ${remove}.`;
  const { vgName = 'VG', volumeGroup } = pool;
  const room = volumeGroup && formatBytes(allocatableBytes(volumeGroup) ?? volumeGroup.freeBytes);
  const has = room === undefined ? '' : `, which has ${room} free,`;
  return `Add a PV to VG ${vgName}${has} and extend the pool (vgextend ${vgName} DEVICE), or ${remove}.`;
}

/** dmeventd looks every ten seconds, and what fails for a moment succeeds at its next turn. */
const refusedForMs = 180 * secondMs;

/** What LVM refuses to do. */
export const lvmRules: readonly Rule[] = [
  {
    code: 'lvm-refuses-new-volumes',
    severity: 'warning',
    meaning:
      'LVM has been refusing new thin volumes and snapshots in the pool for three minutes: use is above its autoextend threshold, or no more than 4 MiB (a quarter, of small metadata) is left of its metadata. Existing volumes are not affected. Not reported for pools whose volumes are created by Docker or containerd. Critical when the pool is nearly full.',
    advice:
      'Extend the pool (lvextend -L+SIZE VG/POOL, or --poolmetadatasize +SIZE for metadata), or remove thin volumes and snapshots.',
    afterMs: refusedForMs,
    find: (host: Host) => host.pools.flatMap(refuses),
  },
  poolRule({
    code: 'vg-not-changeable',
    severity: 'warning',
    meaning:
      'LVM changes nothing in the VG, so neither dmeventd nor anybody else can extend the pool: a PV is missing, or the VG is read-only, exported, or has a segment type that this LVM does not know. Critical when the pool needs room now: past its autoextend threshold, or nearly full.',
    advice:
      'Bring the missing PV back (or vgreduce --removemissing VG if it is lost for good); vgchange --permission rw VG; vgimport VG.',
    judge: notChangeable,
  }),
];
