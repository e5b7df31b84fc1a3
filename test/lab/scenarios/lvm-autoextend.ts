import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { until } from '../guest/patience.ts';
import { readPoolTruth } from '../guest/truth.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const policy = 'activation { thin_pool_autoextend_threshold=70 thin_pool_autoextend_percent=20 }';
/** LVM is queried more often than by default, so that two of its intervals are not two minutes. */
const args = ['--collector.lvm.interval=20s', '--collector.lvm.timeout=15s'];
const lvmSeconds = 45;
/** lvm-refuses-new-volumes waits for three minutes. */
const refusalSeconds = 210;

const write = (from: number, to: number) =>
  `dd if=/dev/zero of=/dev/vg/thin bs=1M seek=${from} count=${to - from} oflag=direct`;

export const lvmAutoextend = defineScenario({
  name: 'lvm-autoextend',
  about: 'LVM grows a pool twice while it is written; then its VG has no room left, and a disk is freed',
  disks: ['1G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    await lab.sh(`echo '${policy}' >>/etc/lvm/lvmlocal.conf && vgcreate vg /dev/ubda`);
    await lab.sh('lvcreate -L 256M --thinpool pool vg && lvcreate -V 900M --thin vg/pool -n thin');
    const { step, finish, timeline } = await openWatch(lab, args);
    await step({ name: 'monitored', exit: 0, within: lvmSeconds, also: isMonitored });
    await step({
      name: 'grown once',
      act: () => fillUntilGrown(lab, 0, 200),
      exit: 0,
      also: extensions(1),
      volumes: true,
    });
    await step({
      name: 'grown twice',
      act: () => fillUntilGrown(lab, 200, 240),
      exit: 0,
      also: extensions(2),
      volumes: true,
    });
    const early = timeline.events.filter(({ what }) => what.includes('autoextend'));
    lab.check('no finding about autoextend until then', early.length === 0, early[0]?.what);
    await step({
      name: 'no room in the VG',
      act: 'lvcreate -y -l 100%FREE -n ballast vg',
      findings: ['autoextend-never vg-pool'],
      exit: 1,
      within: lvmSeconds,
    });
    await step({
      name: 'and use above the threshold',
      act: write(240, 290),
      findings: ['autoextend-no-room vg-pool'],
      without: ['autoextend-never vg-pool'],
      exit: 1,
      within: lvmSeconds,
    });
    await step({
      name: 'for minutes: LVM refuses new volumes, and why is one finding',
      findings: ['autoextend-no-room vg-pool', 'lvm-refuses-new-volumes vg-pool'],
      without: ['autoextend-overdue vg-pool'],
      exit: 1,
      within: refusalSeconds,
      also: extensions(2),
    });
    await step({
      name: 'room made, and extended by hand',
      // dmeventd would try again, but only after up to 42 minutes.
      act: 'lvremove -y vg/ballast && lvextend --use-policies vg/pool',
      without: ['lvm-refuses-new-volumes vg-pool', 'autoextend-no-room vg-pool'],
      exit: 0,
      within: lvmSeconds,
      also: extensions(3),
    });
    await finish();
  },
});

const isMonitored = (samples: readonly Sample[]) =>
  findValue(samples, 'thinpool_lvm_monitored', { pool: 'vg-pool' }) === 1 ? [] : ['not monitored'];

const extensions = (wanted: number) => (samples: readonly Sample[]) => {
  const found = findValue(samples, 'thinpool_data_extensions_total', { pool: 'vg-pool' });
  return found === wanted ? [] : [`${found} extensions, not ${wanted}`];
};

/** Writes, and waits until dmeventd, which polls every ten seconds, has done its part. */
async function fillUntilGrown(lab: Lab, from: number, to: number): Promise<void> {
  const { totalData } = await readPoolTruth(lab, 'vg-pool-tpool');
  await lab.sh(write(from, to));
  const seconds = await until(
    40,
    async () => (await readPoolTruth(lab, 'vg-pool-tpool')).totalData > totalData,
  );
  lab.check(`dmeventd extends the pool at ${to} MiB`, seconds !== undefined, `${seconds?.toFixed(1)} s`);
}
