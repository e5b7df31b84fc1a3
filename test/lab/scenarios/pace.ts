import { spawn } from 'node:child_process';
import type { Lab } from '../guest/lab.ts';
import { pause } from '../guest/patience.ts';
import { describeTimes } from '../guest/percentile.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const server = `require('node:http').createServer((_, answer) => answer.end('x'.repeat(20000))).listen(9999)`;

/** What the numbers of all other scenarios are to be read against. */
export const pace = defineScenario({
  name: 'pace',
  about: 'how fast this guest is: a server that only answers, then the exporter on an idle pool',
  disks: ['1G'],
  needsExporter: true,
  steps: async (lab) => {
    await measureIdleGuest(lab);
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 256M --thinpool pool vg');
    await lab.sh('lvcreate -V 512M --thin vg/pool -n thin');
    const watch = await openWatch(lab);
    await watch.step({ name: 'idle', exit: 0, volumes: true });
    await pause(45);
    await watch.finish();
  },
});

async function measureIdleGuest(lab: Lab): Promise<void> {
  const child = spawn(process.execPath, ['-e', server], { stdio: 'ignore' });
  await pause(3);
  const times: number[] = [];
  for (let count = 0; count < 30; count += 1) {
    const startedAt = performance.now();
    await (await fetch('http://127.0.0.1:9999/')).text();
    times.push(Math.round(performance.now() - startedAt));
    await pause(0.5);
  }
  child.kill();
  lab.say(`a server that only answers: ${describeTimes(times)}`);
}
