import type { SourceState } from '../model/source-state.ts';
import { minuteMs, secondMs } from '../model/units.ts';
import { wasAsked } from '../safety/lateness.ts';
import { type Hit, poolRule, type Rule, when } from './rule.ts';

/** What the exporter cannot see, and should. */
export const blindRules: readonly Rule[] = [
  poolRule({
    code: 'status-stuck',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolStalled',
    meaning:
      "A reading of the pool's status does not return from the kernel: the storage under it stalls, and with it everything that touches the pool.",
    advice:
      'Look at the storage under the pool (multipath, iSCSI, disks) and at dmesg. Start no further LVM or Docker command on it: it would hang too.',
    judge: ({ late }) =>
      when(late?.degree === 'stuck', `does not answer: a reading by ${late?.source} hangs in the kernel`),
  }),
  poolRule({
    code: 'status-unknown',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolBlind',
    meaning: 'The pool is there, and its status has not been read within its age limit.',
    advice: "Run dmsetup status --noflush POOL by hand, bounded in time, and read the exporter's log.",
    // Between a reading that hung and the next one, or its proof that it is stuck, there is a moment of neither.
    afterMs: 5 * secondMs,
    judge: (pool, host) =>
      when(
        host.discovered &&
          pool.state === undefined &&
          pool.late?.degree !== 'stuck' &&
          wasAsked(host, pool.dmName),
        'has no known status',
      ),
  }),
  {
    code: 'pool-missing',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolVanished',
    meaning: 'A pool that was there is gone: removed, deactivated or renamed.',
    advice:
      'If that was meant, wait until it is forgotten (--missing.forget-after). If not, see dmesg and lvs -a.',
    find: (host) => host.missingPools.map(({ name }) => ({ pool: name, summary: `pool ${name} is gone` })),
  },
  {
    code: 'discovery-blind',
    severity: 'critical',
    about: 'state',
    alert: 'ThinPoolBlind',
    meaning: 'The list of devices could be read once and cannot any more: no pool is watched.',
    advice: "Run dmsetup table by hand, bounded in time, and read the exporter's log.",
    find: (host) =>
      host.discovered || host.pools.length === 0
        ? []
        : [{ summary: 'device-mapper cannot be read any more' }],
  },
  {
    code: 'source-failing',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolSourceFailing',
    meaning: 'A source of facts fails: what only it tells is not known.',
    advice: 'Run thinpool-exporter doctor, which names the tool, the rights and the remedy.',
    afterMs: minuteMs,
    find: (host) => host.sources.filter(({ status }) => status === 'failed').map(failing),
  },
  {
    code: 'source-stuck',
    severity: 'warning',
    about: 'state',
    alert: 'ThinPoolSourceFailing',
    meaning:
      'A command of a source has outlived its deadline and does not end: it waits in the kernel, or for a daemon that hangs.',
    advice:
      'Look at what it waits for (cat /proc/PID/stack); storage, dockerd or a lock held by another LVM command.',
    find: (host) =>
      host.sources.filter(isStuck).map((source) => ({
        source: source.name,
        summary: `a command of the source ${source.name} does not end`,
      })),
  },
];

function isStuck(source: SourceState): boolean {
  return source.questions.some((question) => question.stuckSince !== undefined);
}

function failing(source: SourceState): Hit {
  const failed = source.questions.find((question) => question.failure !== undefined);
  return {
    source: source.name,
    summary: `the source ${source.name} fails: ${failed?.failure ?? 'no reading worked'}`,
  };
}
