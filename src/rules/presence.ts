import { formatAge } from '../format/duration.ts';
import type { Host } from '../model/host.ts';
import { isActive, type Pool, type Sighting, type Witness } from '../model/pool.ts';
import { minuteMs } from '../model/units.ts';
import { isMeantInactive } from '../thinpool/inactive.ts';
import { obstacleOf } from '../thinpool/vg-room.ts';
import { type AdvisedPool, lvOf, vgOf } from './commands.ts';
import { reasons } from './lvm.ts';
import { lacksRoom } from './policy.ts';
import { stratisUuid } from './remedies.ts';
import { type PoolHit, poolRule, type Rule } from './rule.ts';

/** What kernel messages say about the activation of a pool, the most informative first. */
const activationFailures: Readonly<Record<string, string>> = {
  device_too_small: 'a device of the pool that is smaller than its metadata says',
  metadata_damaged: 'damaged metadata',
  metadata_abort_failed: 'a failed rollback of metadata',
  needs_check_not_set: 'metadata that cannot be written',
  metadata_operation_failed: 'a failed metadata operation',
};

/** The same of messages that give no reason. */
const plainFailures: Readonly<Record<string, string>> = {
  mode_fail: 'a pool that was switched to fail mode',
  activation_failed: 'a failed activation',
};

const names: Readonly<Record<Witness, string>> = {
  'device-mapper': 'device-mapper',
  lvm: 'LVM',
  docker: 'Docker',
};

/** How it is known that the activation failed or that the pool was taken away, as a clause. */
function failureOf(pool: Pool): string | undefined {
  const { lvm, volumeGroup, wasActive } = pool;
  const reported = kernelFailure(pool);
  if (reported !== undefined) return `the kernel reported ${reported}`;
  if (lvm?.health !== undefined && lvm.health !== 'unknown') return `LVM reports its health as ${lvm.health}`;
  if (volumeGroup !== undefined && obstacleOf(volumeGroup) === 'missing-pv')
    return reasons['missing-pv'].message(volumeGroup);
  return wasActive === true ? 'it was active before' : undefined;
}

/** Which messages are about a pool that is not there is decided when the host is assembled. */
function kernelFailure({ kernelEvents }: Pool): string | undefined {
  const kinds = new Set(kernelEvents.map(({ kind }) => kind));
  const [reasons, plain] = [activationFailures, plainFailures].map((words) =>
    Object.entries(words).flatMap(([kind, word]) => (kinds.has(kind) ? [word] : [])),
  );
  if (reasons !== undefined && reasons.length > 0) return reasons.join(', and ');
  return plain?.[0];
}

function inactive(pool: Pool): PoolHit[] {
  if (pool.presence !== 'inactive' || isMeantInactive(lastReported(pool))) return [];
  const why = failureOf(lastReported(pool));
  const evidence = pool.owner === 'stratis' ? 'Stratis has its metadata device' : `LVM lists ${lvOf(pool)}`;
  const message = `is not active: ${evidence}, but device-mapper has no device of it, so its volumes cannot be used`;
  return [
    {
      message: why === undefined ? message : `${message} (${why})`,
      severity: why === undefined ? 'warning' : 'critical',
      ...(isCovered(pool) ? {} : { lastKnown: true }),
      ...(isWithoutPv(lastReported(pool)) && { advice: adviseWithoutPv(pool) }),
    },
  ];
}

function isWithoutPv({ volumeGroup }: Pool): boolean {
  return volumeGroup !== undefined && obstacleOf(volumeGroup) === 'missing-pv';
}

function adviseWithoutPv(pool: Pool): string {
  return `${reasons['missing-pv'].advice(vgOf(pool))} Then activate the pool: \`lvchange -ay ${lvOf(pool)}\`.`;
}

/** While LVM is silent, the pool as LVM last reported it. */
function lastReported(pool: Pool): Pool {
  const { lvm, volumeGroup } = pool.lastLvm ?? {};
  return { ...(lvm && { lvm }), ...(volumeGroup && { volumeGroup }), ...pool };
}

function adviseActivation(pool: AdvisedPool): string {
  if (pool?.owner === 'stratis') {
    return `Read \`journalctl -u stratisd\` and dmesg, then start the pool: \`stratis pool start --uuid ${stratisUuid(pool)}\`.`;
  }
  const lv = lvOf(pool);
  return `Run \`lvchange -ay ${lv}\`, and read its output and dmesg. If the check of the metadata fails (thin_check), repair it first: \`lvconvert --repair ${lv}\`. If the pool is meant to be inactive: \`lvchange --setautoactivation n ${lv}\`.`;
}

/** The output that would contain the pool is recent, and names it. */
function isReporting({ coveredAt, namedAt }: Sighting): boolean {
  return coveredAt !== undefined && namedAt !== undefined;
}

function isCovered({ sightings }: Pool): boolean {
  return sightings.some(isReporting);
}

function notReportedByLvm(pool: Pool, host: Host): PoolHit[] {
  const sighting = pool.sightings.find(({ by }) => by === 'lvm');
  if (!isActive(pool) || sighting === undefined) return [];
  if (pool.lastLvm !== undefined) return [withLastReport(pool, host)];
  const { coveredAt, namedAt } = sighting;
  // A pool that was created after LVM had been read is in the next report.
  if (coveredAt === undefined || coveredAt.startedAt < (pool.appearedAt ?? 0)) return [];
  if (namedAt !== undefined && namedAt.startedAt >= coveredAt.startedAt) return [];
  return [
    {
      message:
        'was created by LVM, but LVM does not report it: monitoring, autoextend and free space in its VG are unknown',
    },
  ];
}

/**
 * The last report is too old, and findings end with it that are not known to have ended: this one takes their place, at
 * once.
 */
function withLastReport(pool: Pool, { takenAt }: Host): PoolHit {
  const { autoextend, readAt } = pool.lastLvm ?? {};
  const isReported = pool.lvm !== undefined;
  const lastAt = isReported ? readAt?.volumeGroup : readAt?.lvm;
  const time = lastAt === undefined ? '' : ` for ${formatAge(takenAt - lastAt.startedAt)}`;
  const message = isReported
    ? `is reported by LVM, but its VG has not been${time}: free space for extensions is unknown`
    : `was created by LVM, but LVM has not reported it${time}: monitoring, autoextend and free space in its VG are unknown`;
  const lacks = lacksRoom({ ...pool, ...(autoextend && { autoextend }) });
  return {
    afterMs: 0,
    ...(lacks.some(({ severity }) => severity === 'critical')
      ? {
          message: `${message}; when last reported, the pool could not be extended`,
          severity: 'critical',
          lastKnown: true,
        }
      : { message, severity: 'warning' }),
  };
}

function notReported(pool: Pool): PoolHit[] {
  if (pool.presence !== 'unseen' || isCovered(pool)) return [];
  const silent = pool.sightings.find(({ namedAt }) => namedAt !== undefined)?.by;
  return [
    {
      message: `has no known figures: ${silent === undefined ? 'nobody' : names[silent]}, which alone reported it, cannot be read`,
      lastKnown: true,
      ...(silent === undefined ? {} : { collector: silent }),
    },
  ];
}

/** Pools that exist and cannot be used, and reports that should exist and do not. */
export const presenceRules: readonly Rule[] = [
  poolRule({
    code: 'pool-inactive',
    severity: 'warning',
    escalates: true,
    about: 'state',
    alert: 'ThinPoolInactive',
    meaning:
      'The pool exists and is not active: its volumes cannot be used. Critical if LVM or the kernel report why the activation failed, or if the pool was active before. Not reported for shared, clustered and exported VGs, and if activation at boot is off.',
    advice: adviseActivation,
    judge: inactive,
  }),
  poolRule({
    code: 'pool-not-in-kernel',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolInactive',
    meaning: 'LVM or Docker report a pool as in use, but device-mapper, which can be read, does not list it.',
    advice:
      'Compare `dmsetup table --target thin-pool` with `lvs -a` and `docker info`: the pool may be gone, or the docker command may query another host (DOCKER_HOST).',
    afterMs: 2 * minuteMs,
    judge: (pool, host) => {
      if (pool.presence !== 'unseen' || !host.discovered || !isCovered(pool)) return [];
      const reporters = pool.sightings.filter(isReporting).map(({ by }) => names[by]);
      return [{ message: `is reported by ${reporters.join(' and ')}, but device-mapper does not list it` }];
    },
  }),
  poolRule({
    code: 'pool-not-reported',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolCollectorFailing',
    meaning:
      'The pool was known only from LVM or Docker, and that can no longer be read: how full the pool is is unknown.',
    advice: 'Run `thinpool-exporter doctor`, and give the exporter the right to read device-mapper.',
    judge: notReported,
  }),
  poolRule({
    code: 'lvm-does-not-report-pool',
    severity: 'warning',
    escalates: true,
    about: 'state',
    alert: 'ThinPoolNotReportedByLvm',
    meaning:
      'The UUID of the pool shows that LVM created it, but LVM does not report it, or has not been read: monitoring, autoextend and free space in its VG are unknown. Critical if the pool could not be extended when LVM last reported it.',
    advice:
      "Run `lvs -a` and `vgs`. Check for a filter or devices file that excludes the pool's disks (`lvmconfig devices`), for a VG with the system ID of another host (`vgs --foreign -o+systemid`; this host's is `lvm systemid`), for missing PVs (`pvs`), and give a container /dev and /run/lvm.",
    afterMs: minuteMs,
    judge: notReportedByLvm,
  }),
];
