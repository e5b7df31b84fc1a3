import { until } from '../guest/patience.ts';
import { defineRunbookScenario, loadModules, startWriter } from '../guest/trial.ts';

const POOL = 'vg-pool-tpool';

export const runbooksStall = defineRunbookScenario({
  name: 'runbooks-stall',
  about:
    'what the runbooks say when storage stalls: all paths of a multipath device gone, which queues, until fail_if_no_path',
  disks: ['1G'],
  timeoutSeconds: 900,
  needsExporter: true,
  blocks: ['inspect-stalled', 'inspect-hung', 'fail-paths'],
  steps: async ({ lab, attempt, inspect }) => {
    await loadModules(lab, ['dm-multipath', 'dm-round-robin']);
    await lab.sh(
      'dmsetup create mp --table "0 $(blockdev --getsz /dev/ubda) multipath 1 queue_if_no_path 0 1 1 round-robin 0 1 1 /dev/ubda 1000"',
    );
    const only = `devices { filter=["a|^/dev/mapper/mp$|","r|.*|"] }`;
    await lab.sh(`echo '${only}' >>/etc/lvm/lvmlocal.conf && vgcreate vg /dev/mapper/mp`);
    await lab.sh('lvcreate -L 256M --thinpool pool vg && lvcreate -V 1G --thin vg/pool -n thin');
    await lab.sh('dd if=/dev/zero of=/dev/vg/thin bs=1M count=8 oflag=direct');
    const number = (await lab.sh("lsblk -dno MAJ:MIN /dev/ubda | tr -d ' '")).trim();
    await lab.sh(`dmsetup message mp 0 "fail_path ${number}"`);
    const writer = await startWriter(
      lab,
      'dd if=/dev/zero of=/dev/vg/thin bs=1M seek=8 count=8 oflag=direct',
    );
    // The kernel commits every second, but only mappings whose data was written, which waits; a new volume at once.
    await lab.sh(`dmsetup message ${POOL} 0 "create_thin 7" >/dev/null 2>&1 &`);
    const status = ['dmsetup', 'status', '--noflush', POOL];
    const hangs = await until(10, async () => (await lab.run(status, { timeoutMs: 1500 })).lost === 'D');
    lab.check('no path: the status of the pool hangs', hangs !== undefined);
    const { stdout } = await inspect('inspect-stalled', { POOL });
    lab.check('no path: the block shows what hangs', stdout.includes('dmsetup'));
    await attempt('fail-paths', { MULTIPATH: 'mp' });
    const answer = await until(20, async () => (await lab.run(status, { timeoutMs: 1500 })).exitCode === 0);
    lab.check('fail_if_no_path: the status answers', answer !== undefined, `${answer?.toFixed(1)} s`);
    const poolStatus = await lab.sh(`dmsetup status --noflush ${POOL}`);
    lab.check('fail_if_no_path: the pool is ro or failed', /Fail| ro /.test(poolStatus), poolStatus.trim());
    const ended = await until(20, async () => (await writer()) !== undefined);
    lab.check('fail_if_no_path: the writer got an error', ended !== undefined && (await writer()) !== 0);
    await inspect('inspect-hung', { POOL });
  },
});
