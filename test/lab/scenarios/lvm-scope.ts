import { checkAgreement } from '../guest/agreement.ts';
import { type Exporter, startExporter } from '../guest/exporter.ts';
import { findValue } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { pause } from '../guest/patience.ts';
import { compareGroup, readGroupTruth } from '../guest/truth.ts';
import { defineScenario } from '../scenario.ts';

const lvmSeconds = 10;
const pace = [`--collector.lvm.interval=${lvmSeconds}s`, '--collector.lvm.timeout=5s'];
/** Four intervals: each would read the label of the disk. */
const watchSeconds = 4 * lvmSeconds + 5;
/** Two intervals, the deadline, and a whole read of the host after a VG that was read alone had changed. */
const agreeSeconds = 3 * lvmSeconds + 10;

export const lvmScope = defineScenario({
  name: 'lvm-scope',
  about:
    'LVM asked for VGs with thin pools alone: the disk of another VG is not read, and the VG of the pool grows by a disk',
  disks: ['2G', '1G', '1G'],
  needsExporter: true,
  timeoutSeconds: 400,
  steps: async (lab) => {
    await lab.sh(
      'vgcreate vg /dev/ubda && lvcreate -L 256M --thinpool pool vg && lvcreate -V 1G --thin vg/pool -n thin',
    );
    await lab.sh('vgcreate other /dev/ubdb && lvcreate -L 64M -n plain other');
    const exporter = await startExporter(lab, [...pace, '--collector.lvm.scope=pools']);
    await checkGroup(lab, exporter, 'read alone');
    await checkQuiet(lab, exporter);
    await lab.sh('lvextend -L +64M vg/pool');
    await checkGroup(lab, exporter, 'the pool extended');
    await lab.sh('vgextend vg /dev/ubdc');
    await checkGroup(lab, exporter, 'the VG extended by a disk');
    const samples = await exporter.samples();
    const isRefused = findValue(samples, 'thinpool_finding', { code: 'vg-not-changeable' }) !== undefined;
    lab.check('the VG extended by a disk: no PV is said to be missing', !isRefused);
    await checkQuiet(lab, exporter, 'the VG extended by a disk');
    lab.check('it ends by SIGTERM', (await exporter.stop()) === 0);

    const whole = await startExporter(lab, pace);
    await checkGroup(lab, whole, 'all VGs');
    const reads = await readsWhile(lab);
    lab.check('all VGs: the other disk is read', reads > 0, `${reads} reads in ${watchSeconds} s`);
    lab.check('all VGs: it ends by SIGTERM', (await whole.stop()) === 0);
  },
});

async function checkGroup(lab: Lab, exporter: Exporter, step: string): Promise<void> {
  await checkAgreement(lab, `${step}: the VG of the pool as vgs says`, agreeSeconds, async () =>
    compareGroup(await exporter.samples(), 'vg', await readGroupTruth(lab, 'vg')),
  );
}

/** LVM goes on being read, and the disk of the other VG is left alone. No command of the lab may read it meanwhile. */
async function checkQuiet(lab: Lab, exporter: Exporter, step = 'read alone'): Promise<void> {
  // The reading after what the lab itself has changed is of the whole host.
  await pause(2 * lvmSeconds);
  const lastRead = async () =>
    findValue(await exporter.samples(), 'thinpool_collector_last_success_timestamp_seconds', {
      collector: 'lvm',
    }) ?? 0;
  const before = await lastRead();
  const reads = await readsWhile(lab);
  const after = await lastRead();
  lab.check(
    `${step}: LVM was read`,
    after - before >= 2 * lvmSeconds,
    `${(after - before).toFixed(0)} s later`,
  );
  lab.check(`${step}: the other disk was not read`, reads === 0, `${reads} reads in ${watchSeconds} s`);
}

/** How often the disk of the other VG was read (Documentation/admin-guide/iostats.rst, the first field). */
async function readsWhile(lab: Lab): Promise<number> {
  const count = async () => Number((await lab.sh("awk '{ print $1 }' /sys/block/ubdb/stat")).trim());
  const before = await count();
  await pause(watchSeconds);
  return (await count()) - before;
}
