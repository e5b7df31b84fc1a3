import { pause } from '../guest/patience.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const args = ['--collector.lvm.interval=20s', '--collector.lvm.timeout=15s'];
/** transaction-mismatch waits for five minutes. */
const churnSeconds = 330;

export const churn = defineScenario({
  name: 'churn',
  about:
    'thin snapshots made and deleted every two seconds for five minutes: no transaction is said to be amiss',
  disks: ['1G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    await lab.sh(`vgcreate vg /dev/ubda && lvcreate -L 256M --thinpool pool vg
lvcreate -V 100M --thin vg/pool -n thin && dd if=/dev/zero of=/dev/vg/thin bs=1M count=32 oflag=direct`);
    const watch = await openWatch(lab, args);
    await watch.step({ name: 'before', exit: 0, volumes: true });
    await lab.sh(`(while [ ! -e /run/lab-stop ]; do
  lvcreate -q -s vg/thin -n nightly && sleep 2 && lvremove -q -y vg/nightly && sleep 2
done; touch /run/lab-stopped) >/run/lab-churn 2>&1 &`);
    await pause(churnSeconds);
    const transactions = 'dmsetup status --noflush vg-pool-tpool | cut -d" " -f4';
    await watch.step({
      name: 'after five minutes',
      act: `touch /run/lab-stop; while [ ! -e /run/lab-stopped ]; do sleep 0.5; done; [ $(${transactions}) -gt 20 ]`,
      without: ['transaction-mismatch vg-pool', 'lvm-does-not-report-pool vg-pool'],
      exit: 0,
      volumes: true,
    });
    const said = watch.timeline.events.filter(({ what }) => /^finding (?:warning|critical)/.test(what));
    lab.check('nothing was reported meanwhile', said.length === 0, said.map(({ what }) => what).join(', '));
    await watch.finish();
  },
});
