import { formatAge } from '../format/duration.ts';
import type { Host } from '../model/host.ts';
import { isActive, type Pool, type Sighting, type Witness } from '../model/pool.ts';
import { secondMs } from '../model/units.ts';
import { lacksRoom } from './policy.ts';
import { type PoolHit, poolRule, type Rule } from './rule.ts';

const minuteMs = 60 * secondMs;

/** Kernel messages after which a pool that is not there could not be activated, and what they say. */
const activationFailures: Readonly<Record<string, string>> = {
  device_too_small: 'a device of a pool is smaller than its metadata says',
  mode_fail: 'a pool was switched to fail mode',
  metadata_damaged: 'damaged metadata',
  metadata_abort_failed: 'a failed rollback of metadata',
  needs_check_not_set: 'metadata that cannot be written',
};

const names: Readonly<Record<Witness, string>> = {
  'device-mapper': 'device-mapper',
  lvm: 'LVM',
  docker: 'Docker',
};

/** Where other hosts may have it active, or where nobody wants it active, it is none of our business. */
function isMeant({ lvm, volumeGroup }: Pool): boolean {
  return (
    volumeGroup?.shared === true ||
    volumeGroup?.exported === true ||
    lvm?.skipsActivation === true ||
    lvm?.autoactivated === false ||
    volumeGroup?.autoactivated === false
  );
}

/** Why it is known that somebody or something took it away, as a clause. */
function failureOf(pool: Pool, host: Host): string | undefined {
  const { lvm, volumeGroup, wasActive } = pool;
  const told = kernelFailure(host);
  if (told !== undefined) return `the kernel reported ${told}`;
  if (lvm?.health !== undefined && lvm.health !== 'unknown') return `LVM reports its health as ${lvm.health}`;
  if ((volumeGroup?.missingPvCount ?? 0) > 0) return `${volumeGroup?.missingPvCount} PV of its VG is missing`;
  return wasActive === true ? 'it was active before' : undefined;
}

/** Messages name a device number, which a pool that is there has, or one that is not. */
function kernelFailure({ kernelEvents, pools }: Host): string | undefined {
  const devices = new Set(pools.map(({ device }) => device).filter((device) => device !== undefined));
  const failed = kernelEvents.find(
    ({ kind, device, pool }) =>
      Object.hasOwn(activationFailures, kind) &&
      !(pool !== undefined && devices.has(pool)) &&
      !(device !== undefined && devices.has(device)),
  );
  return failed && activationFailures[failed.kind];
}

function inactive(pool: Pool, host: Host): PoolHit[] {
  if (pool.presence !== 'inactive' || isMeant(whatIsKnown(pool))) return [];
  const why = failureOf(whatIsKnown(pool), host);
  const lister = pool.owner === 'stratis' ? 'Stratis has its metadata device' : `LVM lists ${lvOf(pool)}`;
  const says = `is not active: ${lister}, device-mapper has no device of it, and no volume on it can be used`;
  return [
    {
      says: why === undefined ? says : `${says} (${why})`,
      severity: why === undefined ? 'warning' : 'critical',
      advice: pool.owner === 'stratis' ? adviseStratis(pool) : adviseLvm(pool),
      ...(isCovered(pool) ? {} : { lastKnown: true }),
    },
  ];
}

/** While LVM is silent, what it last reported. */
function whatIsKnown(pool: Pool): Pool {
  const { lvm, volumeGroup } = pool.lastLvm ?? {};
  return { ...(lvm && { lvm }), ...(volumeGroup && { volumeGroup }), ...pool };
}

function lvOf({ vgName, lvName, name }: Pool): string {
  return vgName === undefined || lvName === undefined ? name : `${vgName}/${lvName}`;
}

function adviseLvm(pool: Pool): string {
  const lv = lvOf(pool);
  return `Run lvchange -ay ${lv} and read what it says, and dmesg. If the check of its metadata fails (thin_check), repair it first: lvconvert --repair ${lv}. If it is meant to be inactive: lvchange --setautoactivation n ${lv}.`;
}

function adviseStratis({ dmName }: Pool): string {
  const uuid = /[0-9a-f]{32}/.exec(dmName)?.[0] ?? 'UUID';
  return `Read journalctl -u stratisd and dmesg, then start the pool: stratis pool start --uuid ${uuid}.`;
}

function sightingBy({ sightings }: Pool, witness: Witness): Sighting | undefined {
  return sightings.find(({ by }) => by === witness);
}

function isCovered({ sightings }: Pool): boolean {
  return sightings.some(({ coveredAt, namedAt }) => coveredAt !== undefined && namedAt !== undefined);
}

/** Those who report the pool now. */
function reporters({ sightings }: Pool): string[] {
  return sightings
    .filter(({ coveredAt, namedAt }) => coveredAt !== undefined && namedAt !== undefined)
    .map(({ by }) => names[by]);
}

function notReportedByLvm(pool: Pool, host: Host): PoolHit[] {
  const sighting = sightingBy(pool, 'lvm');
  if (!isActive(pool) || sighting === undefined) return [];
  const { coveredAt, namedAt } = sighting;
  const { lastLvm } = pool;
  if (lastLvm !== undefined) return [lastWord(pool, host)];
  if (coveredAt === undefined) return [];
  // A pool that was made after LVM had been read is in its next report.
  if (coveredAt.startedAt < (pool.appearedAt ?? 0)) return [];
  if (namedAt !== undefined && namedAt.startedAt >= coveredAt.startedAt) return [];
  return [
    {
      says: 'is made by LVM, but LVM does not report it: its VG, monitoring and room for extension are not known',
    },
  ];
}

/** What was critical when LVM last reported the pool is not known to have ended. */
function lastWord(pool: Pool, { takenAt }: Host): PoolHit {
  const { autoextend, readAt } = pool.lastLvm ?? {};
  const lacks = lacksRoom({ ...pool, ...(autoextend && { autoextend }) });
  const isReported = pool.lvm !== undefined;
  const lastAt = isReported ? readAt?.volumeGroup : readAt?.lvm;
  const since = lastAt === undefined ? '' : ` for ${formatAge(takenAt - lastAt.startedAt)}`;
  const [worst] = lacks.filter(({ severity }) => severity === 'critical');
  const says = isReported
    ? `is reported by LVM, but its VG has not been${since}: room for extension is not known`
    : `is made by LVM, and LVM has not reported it${since}: its VG, monitoring and room for extension are not known`;
  if (worst === undefined) return { says, severity: 'warning' };
  return {
    says: `${says}; when it last did, the pool could not be extended`,
    severity: 'critical',
    lastKnown: true,
  };
}

/** What is there and cannot be used, and what should be reported and is not. */
export const presenceRules: readonly Rule[] = [
  poolRule({
    code: 'pool-inactive',
    severity: 'warning',
    meaning:
      'The pool exists and is not active: no volume on it can be used. Critical where LVM or the kernel say why it could not be activated, or where it was active before. Not reported for shared, clustered and exported VGs, and where activation at boot is off.',
    advice: 'Run lvchange -ay VG/POOL, and read what it says and dmesg.',
    judge: inactive,
  }),
  poolRule({
    code: 'pool-not-in-kernel',
    severity: 'warning',
    meaning:
      'LVM or Docker report a pool as in use, and device-mapper, which can be read, has none of this name.',
    advice:
      'Compare dmsetup table --target thin-pool with lvs and docker info: the pool may be gone, or Docker be asked on another host (DOCKER_HOST).',
    afterMs: 2 * minuteMs,
    judge: (pool, host) =>
      pool.presence === 'unseen' && host.discovered && isCovered(pool)
        ? [{ says: `is reported by ${reporters(pool).join(' and ')}, and device-mapper does not list it` }]
        : [],
  }),
  poolRule({
    code: 'pool-not-reported',
    severity: 'warning',
    meaning:
      'The pool was known from LVM or Docker alone, and they can no longer be read: how full it is is not known.',
    advice: 'Run thinpool-exporter doctor, and give the exporter the right to read device-mapper.',
    judge: (pool) =>
      pool.presence === 'unseen' && !isCovered(pool)
        ? [{ says: 'has no known figures: nobody reports it any more', lastKnown: true }]
        : [],
  }),
  poolRule({
    code: 'lvm-does-not-report-pool',
    severity: 'warning',
    meaning:
      'The UUID of the pool says that LVM made it, and LVM does not report it, or has not been read: nothing is known of monitoring, autoextend and room in its VG. Critical where the pool could not be extended when LVM last reported it.',
    advice:
      "Run lvs and vgs by hand. Look for a filter or devices file that leaves out the pool's disks (lvmconfig devices), for missing PVs (pvs), and give a container /dev and /run/lvm.",
    afterMs: minuteMs,
    judge: notReportedByLvm,
  }),
];
