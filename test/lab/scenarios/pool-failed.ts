import { checkGroupsFromNothing, readFromNothing } from '../guest/from-nothing.ts';
import type { Lab } from '../guest/lab.ts';
import { activateChecked, replaceMetadata, restoreMetadata } from '../guest/pool-metadata.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

export const poolFailed = defineScenario({
  name: 'pool-failed',
  about:
    'metadata gives errors only: the pool and its volumes say Fail; the disk replaced, checked, and back',
  disks: ['2G', '1G'],
  needsExporter: true,
  timeoutSeconds: 300,
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 512M --thinpool pool vg');
    await lab.sh('lvcreate -V 300M --thin vg/pool -n thin && lvcreate -V 100M --thin vg/pool -n other');
    await lab.sh('vgcreate well /dev/ubdb && lvcreate -L 256M --thinpool pool well');
    await lab.sh('lvcreate -V 100M --thin well/pool -n thin');
    const write = (seek: number) =>
      `dd if=/dev/zero of=/dev/vg/thin bs=1M count=40 seek=${seek} oflag=direct`;
    const { step, finish } = await openWatch(lab);
    await step({ name: 'well', act: write(0), exit: 0, volumes: true });
    await step({
      name: 'failed',
      act: `${replaceMetadata('error')}; ${write(100)}; sleep 2`,
      critical: ['pool-failed vg-pool'],
      exit: 2,
      volumes: true,
    });
    await checkVolumesFromNothing(lab);
    await checkGroupsFromNothing(lab, 'failed');
    await step({
      name: 'the other pool goes on',
      act: 'dd if=/dev/zero of=/dev/well/thin bs=1M count=40 oflag=direct',
      critical: ['pool-failed vg-pool'],
      exit: 2,
      volumes: true,
    });
    await step({
      name: 'replaced',
      act: `${restoreMetadata}; vgchange -an vg && ${activateChecked}`,
      exit: 0,
      volumes: true,
    });
    await step({ name: 'written again', act: write(200), exit: 0, volumes: true });
    await finish();
  },
});

/** The tables of its volumes are the word Fail. */
async function checkVolumesFromNothing(lab: Lab): Promise<void> {
  const pools = await readFromNothing(lab);
  const states = pools.find(({ name }) => name === 'vg-pool')?.volumes.map(({ state }) => state);
  lab.check('an exporter started now knows its volumes', states?.join() === 'failed,failed', states?.join());
}
