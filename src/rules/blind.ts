import type { CollectorState } from '../model/collector-state.ts';
import { isActive } from '../model/pool.ts';
import { minuteMs, secondMs } from '../model/units.ts';
import { wasRead } from '../safety/lateness.ts';
import { statusCommand } from './commands.ts';
import { type Hit, poolRule, type Rule, when } from './rule.ts';

/** What the exporter should see and cannot. */
export const blindRules: readonly Rule[] = [
  poolRule({
    code: 'status-stuck',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolStalled',
    meaning:
      "A query of the pool's status does not return from the kernel: the storage under the pool stalls, and so does everything that touches the pool.",
    advice:
      'Check the storage under the pool (multipath, iSCSI, disks) and dmesg. Run no LVM or Docker command on the pool: it would hang as well.',
    judge: ({ late }) =>
      when(
        late?.degree === 'stuck',
        `does not respond: a query by collector ${late?.collector} hangs in the kernel`,
      ),
  }),
  poolRule({
    code: 'status-unknown',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolBlind',
    meaning: 'The pool exists, but its status could not be read within its age limit.',
    advice: (pool) => `Run ${statusCommand(pool)}, and read the log of the exporter.`,
    // After a query that hung, a moment passes before it is known to be stuck or the next one succeeds.
    afterMs: 5 * secondMs,
    judge: (pool, host) =>
      when(
        host.discovered &&
          isActive(pool) &&
          pool.state === undefined &&
          pool.late?.degree !== 'stuck' &&
          wasRead(host, pool.dmName),
        'exists, but its status could not be read',
      ),
  }),
  {
    code: 'pool-missing',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolVanished',
    meaning: 'A pool that existed is gone: it was removed, deactivated or renamed.',
    advice:
      'If that was intended, the finding ends after --pools.missing-retention. If not, check dmesg and `lvs -a`.',
    find: (host) => host.missingPools.map(({ name }) => ({ pool: name, summary: `pool ${name} is gone` })),
  },
  {
    code: 'discovery-blind',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolBlind',
    meaning:
      'The list of device-mapper devices can no longer be read, although it could be before: no pool is monitored.',
    advice: 'Run `timeout 10 dmsetup table`, and read the log of the exporter.',
    find: (host) =>
      host.discovered || !host.pools.some(isActive)
        ? []
        : [
            {
              summary: `device-mapper can no longer be read: ${host.pools.length === 1 ? '1 pool is' : `${host.pools.length} pools are`} not monitored`,
            },
          ],
  },
  {
    code: 'collector-failing',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolCollectorFailing',
    meaning: 'A collector fails: the data that only it reads is missing.',
    advice: 'Run `thinpool-exporter doctor`: it names the tool, the permission and the fix.',
    afterMs: minuteMs,
    find: (host) => host.collectors.filter(({ status }) => status === 'failed').map(failing),
  },
  {
    code: 'collector-stuck',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolCollectorFailing',
    meaning:
      'A command of a collector has passed its deadline and does not exit: it waits in the kernel, or for a daemon that hangs.',
    advice:
      'Find out what it waits for (`cat /proc/PID/stack`): storage, dockerd, or a lock that another LVM command holds.',
    find: (host) =>
      host.collectors.filter(isStuck).map((collector) => ({
        collector: collector.name,
        summary: `a command of collector ${collector.name} does not exit`,
      })),
  },
];

function isStuck(collector: CollectorState): boolean {
  return collector.queries.some((query) => query.stuckSince !== undefined);
}

function failing(collector: CollectorState): Hit {
  const failed = collector.queries.find((query) => query.failure !== undefined);
  return {
    collector: collector.name,
    summary: `collector ${collector.name} fails: ${failed?.failure ?? 'no query has succeeded'}`,
  };
}
