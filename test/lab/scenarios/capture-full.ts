import { captureHost } from '../guest/capture.ts';
import type { Lab } from '../guest/lab.ts';
import { defineScenario } from '../scenario.ts';

export const captureQueueing = defineScenario({
  name: 'capture-queueing',
  about: 'a pool out of data space: first it queues, then, after no_space_timeout, it fails writes',
  disks: ['2G'],
  steps: async (lab) => {
    await makeSmallPool(lab);
    // The writer sits in D state for as long as the pool queues: nothing waits for it.
    await lab.sh('dd if=/dev/zero of=/dev/vg/thin bs=1M count=200 oflag=direct 2>/tmp/dd.err & sleep 4');
    await captureHost(lab, {
      name: 'lab-queueing',
      purpose:
        'Out of data space, within no_space_timeout: writers wait, and nothing is lost yet if the pool is extended now.',
      surprises: ['`lvs` succeeds, though a writer hangs.'],
    });
    await lab.sh('sleep 60; ! pgrep -x dd', { timeoutMs: 90_000 });
    const writer = (await lab.run(['cat', '/tmp/dd.err'])).stdout.split('\n')[0] ?? '';
    await captureHost(lab, {
      name: 'lab-erroring',
      purpose:
        'The same pool a minute later: no_space_timeout (60 s) is over, and the kernel fails writes on its own. Follows the steps of ' +
        'lab-queueing.',
      surprises: [
        'The status says error_if_no_space; the table, and lv_when_full of `lvs`, still say queue.',
        `The writer got: ${writer.replace(/^dd: /, '')}`,
      ],
    });
  },
});

export const captureErrorIfNoSpace = defineScenario({
  name: 'capture-error-if-no-space',
  about: 'a pool out of data space that is configured to fail writes at once',
  disks: ['2G'],
  steps: async (lab) => {
    await makeSmallPool(lab);
    await lab.sh('lvchange --errorwhenfull y vg/pool');
    await lab.sh('! dd if=/dev/zero of=/dev/vg/thin bs=1M count=200 oflag=direct');
    await captureHost(lab, {
      name: 'lab-error-if-no-space',
      purpose:
        'Out of data space, with error_if_no_space configured: as it was wanted, and not as in lab-erroring.',
      surprises: [
        'Here the table has the feature error_if_no_space, and `lvs` says `error` in lv_when_full.',
      ],
    });
  },
});

export const captureFullUntripped = defineScenario({
  name: 'capture-full-untripped',
  about: 'a pool with every data block used, and no write yet that needs one more',
  disks: ['2G'],
  steps: async (lab) => {
    await makeSmallPool(lab);
    await lab.sh('dd if=/dev/zero of=/dev/vg/thin bs=1M count=128 oflag=direct');
    await captureHost(lab, {
      name: 'lab-full-untripped',
      purpose: 'All data blocks are used and the mode is still rw: it changes with the next allocation only.',
    });
  },
});

async function makeSmallPool(lab: Lab): Promise<void> {
  await lab.sh('vgcreate vg /dev/ubda');
  await lab.sh('lvcreate -L 128M --thinpool pool vg && lvcreate -V 256M --thin vg/pool -n thin');
}
