import { pause } from '../guest/patience.ts';
import { describeTimes } from '../guest/percentile.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

/** What the numbers of all other scenarios are to be read against. */
export const pace = defineScenario({
  name: 'pace',
  about: 'how fast this guest is: a server that only answers, then the exporter on an idle pool',
  disks: ['1G'],
  needsExporter: true,
  steps: async (lab) => {
    await pause(30);
    lab.say(`a server that only answers: ${describeTimes(lab.yardstick.times)}`);
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 256M --thinpool pool vg');
    await lab.sh('lvcreate -V 512M --thin vg/pool -n thin');
    const watch = await openWatch(lab);
    await watch.step({ name: 'idle', exit: 0, volumes: true });
    await pause(45);
    await watch.finish();
  },
});
