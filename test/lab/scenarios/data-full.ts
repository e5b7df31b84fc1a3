import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const fill = (from: number, count: number) =>
  `dd if=/dev/zero of=/dev/vg/thin bs=1M seek=${from} count=${count} oflag=direct`;
/** Writers of a pool that queues wait in D state: nothing waits for them. */
const fillBeside = (from: number, count: number) => `${fill(from, count)} 2>/dev/null & sleep 2`;

export const dataFull = defineScenario({
  name: 'data-full',
  about: 'out of data space: queueing, after no_space_timeout failing, extended; and with error_if_no_space',
  disks: ['2G'],
  needsExporter: true,
  timeoutSeconds: 400,
  steps: async (lab) => {
    await lab.sh('echo 20 >/sys/module/dm_thin_pool/parameters/no_space_timeout');
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 128M --thinpool pool vg');
    await lab.sh('lvcreate -V 512M --thin vg/pool -n thin');
    const { step, finish } = await openWatch(lab);
    await step({ name: 'well', act: fill(0, 64), exit: 0, volumes: true });
    await step({ name: 'every block used', act: fill(64, 64), critical: ['data-full vg-pool'], exit: 2 });
    await step({
      name: 'queueing',
      act: fillBeside(128, 8),
      critical: ['data-full-queueing vg-pool'],
      exit: 2,
    });
    await step({
      name: 'after no_space_timeout',
      act: 'sleep 20',
      critical: ['data-full-failing vg-pool'],
      exit: 2,
    });
    await step({ name: 'extended', act: 'lvextend -L +64M vg/pool && sleep 1', exit: 0, volumes: true });
    await step({
      name: 'errorwhenfull',
      act: `lvchange --errorwhenfull y vg/pool; ! ${fill(128, 128)}`,
      critical: ['data-full-failing vg-pool'],
      exit: 2,
    });
    await step({ name: 'extended again', act: 'lvextend -L +64M vg/pool && sleep 1', exit: 0 });
    await step({ name: 'discarded', act: 'blkdiscard /dev/vg/thin && sleep 2', exit: 0, volumes: true });
    await finish();
  },
});
