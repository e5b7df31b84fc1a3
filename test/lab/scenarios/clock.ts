import { statusAge } from '../guest/timeline.ts';
import { openWatch, poolSeconds } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const write = (from: number) =>
  `dd if=/dev/zero of=/dev/vg/thin bs=1M seek=${from} count=32 oflag=direct 2>/dev/null`;
const set = (moment: string) => `busybox date -u -s @$((${moment}))`;
const now = '$(busybox date +%s)';
const daySeconds = 86_400;
const pool = 'vg-pool';
/** Seconds since 1970: five before clocks go back in Berlin on 25 October 2026. */
const autumn = '1792889995';

export const clock = defineScenario({
  name: 'clock',
  about: 'a clock that is set back, set forward, and goes from summer to winter while a pool is written to',
  disks: ['2G'],
  needsExporter: true,
  steps: async (lab) => {
    process.env['TZ'] = 'Europe/Berlin';
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 512M --thinpool pool vg');
    await lab.sh('lvcreate -V 400M --thin vg/pool -n thin');
    const { step, finish } = await openWatch(lab);
    await step({ name: 'well', act: write(0), exit: 0 });
    const back = `${set(`${now} - 3600`)} && ${write(32)}`;
    await step({ name: 'set back by an hour', act: back, exit: 0, volumes: true });
    const forward = `${set(`${now} + ${daySeconds}`)} && ${write(64)}`;
    // Until the beat that notices it, a page has the time of the day before: the status was read then.
    await step({
      name: 'set forward by a day',
      act: forward,
      exit: 0,
      volumes: true,
      oldest: daySeconds + poolSeconds,
      also: (samples) => {
        const age = statusAge(samples, pool);
        return age !== undefined && age <= poolSeconds ? [] : [`status of ${pool} is ${age} s old`];
      },
    });
    const winter = `${set(autumn)} && sleep 10 && ${write(96)}`;
    await step({ name: 'from summer to winter', act: winter, exit: 0, volumes: true });
    await step({ name: 'in the hour that comes twice', act: write(128), exit: 0, volumes: true });
    await finish();
  },
});
