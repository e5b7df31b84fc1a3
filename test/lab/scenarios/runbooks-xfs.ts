import { processState } from '../guest/command.ts';
import { until } from '../guest/patience.ts';
import { defineRunbookScenario } from '../guest/trial.ts';
import { readPoolTruth } from '../guest/truth.ts';

const POOL = 'vg-pool-tpool';

export const runbooksXfs = defineRunbookScenario({
  name: 'runbooks-xfs',
  about:
    'what the runbooks say for XFS that retries indefinitely on a full pool: configured to give up, umount ends',
  disks: ['1G'],
  timeoutSeconds: 900,
  needsExporter: true,
  blocks: ['fs-xfs-give-up', 'inspect-hung'],
  steps: async ({ lab, attempt, inspect, expect }) => {
    await lab.sh('echo 5 >/sys/module/dm_thin_pool/parameters/no_space_timeout');
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 400M --thinpool pool vg');
    await lab.sh('lvcreate -V 4G --thin vg/pool -n files && mkfs.xfs -q /dev/vg/files');
    await lab.sh('mount /dev/vg/files /srv');
    const settings = '/sys/fs/xfs/dm-$(dmsetup info -c --noheadings -o minor vg-files)/error';
    // At umount too: since Linux 4.7 XFS would give up there.
    await lab.sh(`echo 0 >${settings}/fail_at_unmount`);
    await lab.run(['dd', 'if=/dev/zero', 'of=/srv/large', 'bs=1M', 'count=600'], { timeoutMs: 60_000 });
    await until(60, async () => !(await readPoolTruth(lab, POOL)).queues);
    await expect('full: it fails writes', POOL, { mode: 'out_of_data_space', queues: false });
    // Inodes all over the file system: metadata without a block in the pool, which XFS then writes again and again.
    await lab.sh('cd /srv && mkdir $(seq 6000)', { timeoutMs: 60_000 });
    await lab.sh('umount /srv >/dev/null 2>&1 & echo $! >/run/umount; sleep 20');
    const pid = Number(await lab.sh('cat /run/umount'));
    lab.check('XFS retries indefinitely: umount hangs', processState(pid) === 'D', processState(pid));
    const { stdout } = await inspect('inspect-hung', { POOL });
    lab.check('the block shows where', stdout.includes('umount') && stdout.includes('xfs'));
    await attempt('fs-xfs-give-up', { DEVICE: 'vg-files' });
    const ended = await until(60, async () => processState(pid) === '');
    lab.check('XFS gives up: umount ends', ended !== undefined, `${ended?.toFixed(1)} s`);
  },
});
