import { checkGroupsFromNothing } from '../guest/from-nothing.ts';
import { activateChecked, replaceMetadata, restoreMetadata } from '../guest/pool-metadata.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const args = ['--collector.lvm.interval=20s', '--collector.lvm.timeout=15s'];
const lvmSeconds = 45;

export const needsCheck = defineScenario({
  name: 'needs-check',
  about: 'metadata writes fail for a while: read-only with needs_check; deactivated, checked, and back',
  disks: ['2G', '512M'],
  needsExporter: true,
  timeoutSeconds: 300,
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 512M --thinpool pool vg');
    await lab.sh('lvcreate -V 512M --thin vg/pool -n thin');
    await lab.sh('vgcreate well /dev/ubdb && lvcreate -L 128M --thinpool pool well');
    const { step, finish } = await openWatch(lab, args);
    await step({
      name: 'well',
      act: 'dd if=/dev/zero of=/dev/vg/thin bs=1M count=50 oflag=direct',
      exit: 0,
    });
    const write = 'dd if=/dev/zero of=/dev/vg/thin bs=1M count=40 seek=100 oflag=direct; sleep 2';
    await step({
      name: 'metadata writes fail',
      act: `${replaceMetadata('flakey $place 0 1000 1 error_writes')}; ${write}`,
      critical: ['pool-needs-check vg-pool'],
      exit: 2,
      volumes: true,
    });
    await checkGroupsFromNothing(lab, 'metadata writes fail');
    await step({
      name: 'the disk is well again',
      act: restoreMetadata,
      critical: ['pool-needs-check vg-pool'],
      exit: 2,
    });
    // Its metadata has not been checked: `check`, which has not seen it before, goes by what the kernel said.
    await step({
      name: 'deactivated',
      act: 'vgchange -an vg',
      critical: ['pool-inactive vg-pool'],
      exit: 2,
      within: lvmSeconds,
    });
    await step({
      name: 'checked',
      act: activateChecked,
      without: ['pool-missing vg-pool', 'pool-inactive vg-pool'],
      exit: 0,
      volumes: true,
    });
    await finish();
  },
});
