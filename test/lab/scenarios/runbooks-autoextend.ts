import type { Lab } from '../guest/lab.ts';
import { until } from '../guest/patience.ts';
import { defineRunbookScenario } from '../guest/trial.ts';
import { readPoolTruth } from '../guest/truth.ts';

const names = { VG: 'vg', LV: 'pool' } as const;
const POOL = 'vg-pool-tpool';

export const runbooksAutoextend = defineRunbookScenario({
  name: 'runbooks-autoextend',
  about:
    'what the runbooks say for autoextend: turned on, dmeventd killed, frozen, monitoring on; run by hand; given a disk',
  disks: ['512M', '512M'],
  timeoutSeconds: 900,
  needsExporter: true,
  blocks: [
    'autoextend-inspect',
    'autoextend-on',
    'autoextend-run',
    'autoextend-watch',
    'autoextend-restart',
    'extend-by-policy',
  ],
  steps: async ({ lab, attempt, inspect, expect }) => {
    await lab.sh(
      'vgcreate vg /dev/ubda && lvcreate -L 128M --thinpool pool vg && lvcreate -V 2G --thin vg/pool -n thin',
    );
    await write(lab, 0, 100);
    await lab.sh('sleep 12');
    await expect('off: past 70 % and not extended', POOL, { totalData: 2048 });
    await inspect('autoextend-inspect', names);
    await attempt('autoextend-on', names);
    await expect('turned on: extended by a fifth', POOL, { totalData: (156 * 1024) / 64 });
    const policy = await lab.sh('lvs --noheadings -o lv_profile,seg_monitor vg/pool');
    lab.check('turned on: profile and monitoring', /thin-extend\s+monitored/.test(policy), policy.trim());
    const isExtended = async (step: string, from: number) => {
      const seconds = await until(60, async () => (await readPoolTruth(lab, POOL)).totalData > from);
      lab.check(`${step}: dmeventd extends it`, seconds !== undefined, `${seconds?.toFixed(1)} s`);
    };
    const filled = async (step: string, from: number, to: number) => {
      const { totalData } = await readPoolTruth(lab, POOL);
      await write(lab, from, to);
      await lab.sh('sleep 12');
      await expect(`${step}: it is not extended`, POOL, { totalData });
      return totalData;
    };
    const on = await readPoolTruth(lab, POOL);
    await write(lab, 100, 124);
    await isExtended('turned on', on.totalData);

    await lab.sh('lvchange --monitor n vg/pool');
    const unwatched = await filled('not watched', 124, 140);
    await attempt('autoextend-watch', names);
    await isExtended('watched again', unwatched);

    await lab.sh('kill -STOP $(cat /run/dmeventd.pid)');
    const frozen = await filled('frozen', 140, 168);
    await attempt('autoextend-restart', names);
    await isExtended('restarted', frozen);

    await lab.sh('lvchange --monitor n vg/pool');
    const idle = await filled('not watched again', 168, 204);
    await attempt('autoextend-run', names);
    const { totalData } = await readPoolTruth(lab, POOL);
    lab.check('run by hand: it is extended', totalData > idle, `${totalData} blocks`);
    await attempt('autoextend-run', names);
    await expect('run again, below the threshold: nothing', POOL, { totalData });

    await lab.sh('lvcreate -y -l 100%FREE -n ballast vg');
    await write(lab, 204, 245);
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
