import type { VolumeGroup } from '../model/facts.ts';
import { type Pool, resources } from '../model/pool.ts';
import { isPastThreshold } from '../thinpool/autoextend.ts';
import { isNearEnd } from '../thinpool/near-end.ts';
import { type Obstacle, obstacleOf } from '../thinpool/vg-room.ts';
import { type PoolHit, poolRule, type Rule } from './rule.ts';

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

/** What LVM refuses to do. */
export const lvmRules: readonly Rule[] = [
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
