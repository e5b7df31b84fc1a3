import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

/** The finding waits for half a minute: LVM suspends pools for a moment all the time. */
const within = 45;

export const suspended = defineScenario({
  name: 'suspended',
  about: 'a suspended pool, a suspended thin volume of another; resumed',
  disks: ['2G'],
  needsExporter: true,
  timeoutSeconds: 400,
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda');
    for (const pool of ['pool', 'calm'])
      await lab.sh(
        `lvcreate -L 256M --thinpool ${pool} vg && lvcreate -V 200M --thin vg/${pool} -n in-${pool}`,
      );
    const { step, finish } = await openWatch(lab);
    await step({ name: 'well', exit: 0, volumes: true });
    await step({
      name: 'the pool suspended',
      act: 'dmsetup suspend vg-pool-tpool',
      critical: ['pool-suspended vg-pool'],
      exit: 2,
      within,
    });
    await step({
      name: 'the other one goes on',
      act: 'dd if=/dev/zero of=/dev/vg/in-calm bs=1M count=40 oflag=direct',
      critical: ['pool-suspended vg-pool'],
      exit: 2,
      volumes: true,
    });
    await step({ name: 'resumed', act: 'dmsetup resume vg-pool-tpool', exit: 0 });
    await step({
      name: 'a volume suspended',
      act: 'dmsetup suspend vg-in--calm',
      findings: ['volume-suspended vg-calm'],
      exit: 1,
      volumes: true,
      within,
    });
    await step({
      name: 'all resumed',
      act: 'dmsetup resume vg-in--calm',
      without: ['volume-suspended vg-calm'],
      exit: 0,
      volumes: true,
    });
    await finish();
  },
});
