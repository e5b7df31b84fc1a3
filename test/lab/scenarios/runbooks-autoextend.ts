import type { Lab } from '../guest/lab.ts';
import { until } from '../guest/patience.ts';
import { defineRunbookScenario } from '../guest/trial.ts';
import { readPoolTruth } from '../guest/truth.ts';

const names = { VG: 'vg', LV: 'pool' } as const;
const POOL = 'vg-pool-tpool';

export const runbooksAutoextend = defineRunbookScenario({
  name: 'runbooks-autoextend',
  about:
    'what the runbooks say for autoextend: turned on, dmeventd killed, frozen, told to watch; run by hand; given a disk',
  disks: ['512M', '512M'],
  timeoutSeconds: 400,
  needsExporter: true,
  blocks: [
    'autoextend-look',
    'autoextend-on',
    'autoextend-run',
    'autoextend-watch',
    'autoextend-restart',
    'extend-by-policy',
  ],
  steps: async ({ lab, attempt, look, expect }) => {
    await lab.sh(
      'vgcreate vg /dev/ubda && lvcreate -L 128M --thinpool pool vg && lvcreate -V 2G --thin vg/pool -n thin',
    );
    await write(lab, 0, 100);
    await lab.sh('sleep 12');
    await expect('off: past 70 % and nobody extends it', POOL, { totalData: 2048 });
    await look('autoextend-look', names);
    await attempt('autoextend-on', names);
    const isExtended = async (step: string, from: number) => {
      const seconds = await until(60, async () => (await readPoolTruth(lab, POOL)).totalData > from);
      lab.check(`${step}: dmeventd extends it`, seconds !== undefined, `${seconds?.toFixed(1)} s`);
    };
    await isExtended('turned on', 2048);
    const policy = await lab.sh('lvs --noheadings -o lv_profile,seg_monitor vg/pool');
    lab.check('turned on: profile and monitoring', /thin-extend\s+monitored/.test(policy), policy.trim());

    await lab.sh('lvchange --monitor n vg/pool');
    const told = await readPoolTruth(lab, POOL);
    await write(lab, 100, 124);
    await lab.sh('sleep 12');
    await expect('not watched: nobody extends it', POOL, { totalData: told.totalData });
    await attempt('autoextend-watch', names);
    await isExtended('watched again', told.totalData);

    await lab.sh('kill -STOP $(cat /run/dmeventd.pid)');
    const frozen = await readPoolTruth(lab, POOL);
    await write(lab, 124, 150);
    await lab.sh('sleep 12');
    await expect('frozen: nobody extends it', POOL, { totalData: frozen.totalData });
    await attempt('autoextend-restart', names);
    await isExtended('restarted', frozen.totalData);

    await lab.sh('lvchange --monitor n vg/pool');
    const unwatched = await readPoolTruth(lab, POOL);
    await write(lab, 150, 180);
    await attempt('autoextend-run', names);
    const { totalData } = await readPoolTruth(lab, POOL);
    lab.check('run by hand: it is extended', totalData > unwatched.totalData, `${totalData} blocks`);
    await attempt('autoextend-run', names);
    await expect('run again, below the threshold: nothing', POOL, { totalData });

    await lab.sh('lvcreate -y -l 100%FREE -n ballast vg');
    await write(lab, 180, 215);
    const refused = await lab.run(['lvextend', '--use-policies', 'vg/pool']);
    lab.check('no room: refused', refused.stderr.includes('nsufficient free space'), refused.stderr.trim());
    await attempt('extend-by-policy', { ...names, DISK: '/dev/ubdb' });
    const last = await readPoolTruth(lab, POOL);
    lab.check('a disk added: it is extended', last.totalData > totalData, `${last.totalData} blocks`);
  },
});

async function write(lab: Lab, from: number, to: number): Promise<void> {
  await lab.sh(`dd if=/dev/zero of=/dev/vg/thin bs=1M seek=${from} count=${to - from} oflag=direct`);
}
