import { checkAgreement } from '../guest/agreement.ts';
import { findValue } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { pause, until } from '../guest/patience.ts';
import { endStall, stallMetadata } from '../guest/stall.ts';
import {
  checkAllIsWell,
  checkCheck,
  checkChildren,
  checkFreshness,
  checkHealthy,
  checkLvm,
  checkReadiness,
  checkStall,
  describe,
  hasFinding,
  isLvm,
  list,
  poolSeconds,
  type Subject,
  stuckSeconds,
  unwatch,
  watchExporter,
} from '../guest/stall-checks.ts';
import { pastTheStall } from '../guest/stall-ground.ts';
import { compareGroup, readGroupTruth } from '../guest/truth.ts';
import { defineScenario } from '../scenario.ts';

const stallSeconds = 75;

export const stall = defineScenario({
  name: 'stall',
  about:
    'the built exporter while the storage of one of two pools stalls: through it, ended in it, started in it',
  disks: ['1G', '1G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    await makePool(lab, 'sick', '/dev/ubda');
    await makePool(lab, 'well', '/dev/ubdb');
    await liveThrough(lab);
    await endWithin(lab);
    await startWithin(lab);
  },
});

async function makePool(lab: Lab, vg: string, disk: string): Promise<void> {
  await lab.sh(`vgcreate ${vg} ${disk} && lvcreate -L 512M --thinpool pool ${vg}`);
  await lab.sh(`lvcreate -V 1G --thin ${vg}/pool -n thin && lvcreate -V 1G --thin ${vg}/pool -n other`);
  await write(lab, vg, 0);
}

async function write(lab: Lab, vg: string, from: number): Promise<void> {
  await lab.sh(`dd if=/dev/zero of=/dev/${vg}/other bs=1M seek=${from} count=8 oflag=direct`);
}

/** Before, while and after the storage of one pool stalls. */
async function liveThrough(lab: Lab): Promise<void> {
  const subject = await watchExporter(lab);
  const { exporter, children } = subject;
  await checkAllIsWell(subject, 'before');
  // Right after LVM was queried, so that none of its commands is under way when the storage stalls.
  await until(90, async () => !children.alive().some(isLvm) && children.children.some(isLvm));
  await pause(12);
  const ago = await stallMetadata(lab, 'sick', 0);
  const from = children.seconds() - ago;
  await pause(25);
  await write(lab, 'well', 8);
  await checkHealthy(subject, 'stalled');
  await checkReadiness(subject, 'stalled');
  await checkCheck(lab);
  await pause(Math.max(0, from + stallSeconds - children.seconds()));
  lab.write('pages/stalled.prom', (await exporter.get('/metrics')).body);
  checkStall(subject, 'stalled', from);
  checkChildren(subject, 'stalled', from);
  checkLvm(subject, from);
  await endStall(lab, 'sick');
  await checkAllIsWell(subject, 'resumed');
  unwatch(subject, 'through');
  lab.check('resumed: it ends by SIGTERM', (await exporter.stop()) === 0);
}

/** LVM is queried frequently here, so the stall catches its commands as well, before anything can report it. */
async function endWithin(lab: Lab): Promise<void> {
  const subject = await watchExporter(lab, ['--collector.lvm.interval=6s', '--collector.lvm.timeout=5s']);
  await checkAllIsWell(subject, 'again');
  await stallMetadata(lab, 'sick', 4096);
  const stuck = await until(stuckSeconds, async () => hasFinding(await subject.exporter.samples()));
  lab.check('stalled again: status-stuck', stuck !== undefined, describe(stuck));
  const inKernel = subject.children.alive().filter(({ state }) => state === 'D');
  lab.check('stalled again: LVM is in the kernel too', inKernel.some(isLvm), list(inKernel));
  await pause(15);
  await checkHealthy(subject, 'stalled again');
  await checkOtherGroup(subject, 'stalled again');
  checkChildren(subject, 'stalled again', 0);
  checkFreshness(subject, 'stalled again', poolSeconds);
  unwatch(subject, 'ended');
  const startedAt = performance.now();
  const exit = await subject.exporter.stop();
  const seconds = (performance.now() - startedAt) / 1000;
  lab.check(
    'it ends by SIGTERM within 2 s all the same',
    exit === 0 && seconds < 2,
    `${describe(seconds)}, exit ${exit}`,
  );
}

/** LVM's facts about the other VG come from a query of its own, and grow no older than three intervals and a deadline. */
async function checkOtherGroup({ lab, exporter, timeline }: Subject, step: string): Promise<void> {
  await lab.sh(
    `lvcreate -an -Zn -Wn -L 4M -n spare ${pastTheStall.map((word) => `'${word}'`).join(' ')} well`,
  );
  await checkAgreement(lab, `${step}: the VG well as vgs says`, poolSeconds, async () =>
    compareGroup(await exporter.samples(), 'well', await readGroupTruth(lab, 'well', pastTheStall)),
  );
  const gone = timeline.when('thinpool_vg_free_bytes of well', false, 0);
  lab.check(`${step}: nothing of the VG well is withdrawn`, gone === undefined, describe(gone));
}

/** The pool is stalled already: the exporter is often started anew amid trouble. */
async function startWithin(lab: Lab): Promise<void> {
  const subject = await watchExporter(lab);
  const { exporter, children } = subject;
  await pause(30);
  await write(lab, 'well', 16);
  await checkHealthy(subject, 'started in it');
  await checkReadiness(subject, 'started in it');
  await pause(15);
  lab.write('pages/started-in-it.prom', (await exporter.get('/metrics')).body);
  checkStall(subject, 'started in it', 0);
  checkChildren(subject, 'started in it', 0);
  const harmful = children.children.filter((child) => isLvm(child) || child.command.startsWith('docker '));
  lab.check('started in it: no lvs, vgs or docker', harmful.length === 0, list(harmful));
  const hanging = children.alive().filter(({ state }) => state === 'D');
  lab.check('started in it: one command hangs in all', hanging.length === 1, list(hanging));
  const held = findValue(await exporter.samples(), 'thinpool_collector_blocked', { collector: 'lvm' });
  lab.check('started in it: lvm is blocked', held === 1);
  await endStall(lab, 'sick');
  await checkAllIsWell(subject, 'resumed again');
  unwatch(subject, 'started');
  lab.check('resumed again: it ends by SIGTERM', (await exporter.stop()) === 0);
}
