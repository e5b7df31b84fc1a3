import { defineScenario } from '../scenario.ts';

export const hello = defineScenario({
  name: 'hello',
  about: 'boots, makes an LVM thin pool and reads its status: does the lab work here?',
  disks: ['2G'],
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda');
    await lab.sh('lvcreate -q -L 512M --thinpool pool vg && lvcreate -q -V 1G --thin vg/pool -n thin');
    const status = await lab.sh('dmsetup status --noflush vg-pool-tpool');
    lab.check('the pool answers', /thin-pool .* rw /.test(status), status.trim());
    lab.say(await lab.sh('uname -r'));
    lab.say((await lab.sh('dmsetup targets')).replaceAll('\n', '; '));
  },
});
