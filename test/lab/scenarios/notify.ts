import { startExporter } from '../guest/exporter.ts';
import { findValue } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { type Received, receiveNotifications } from '../guest/notifications.ts';
import { pause, until } from '../guest/patience.ts';
import { readPoolTruth } from '../guest/truth.ts';
import { defineScenario } from '../scenario.ts';

const mebibytes = 512;
const used = (mebibytes * 3) / 4;
const port = 9098;
const folder = '/run/lab-notify';
const program = '/usr/local/sbin/lab-pager';
const state = '/run/lab-notify-state/notify.json';
/** One interval of the pool's status, one of the notifier, and the guest's slow CPU. */
const soonSeconds = 15;
const fillSeconds = 600;
/** The shipped rules keep a critical alert for two minutes. */
const endSeconds = 240;

/** What people without Prometheus depend on. */
export const notify = defineScenario({
  name: 'notify',
  about:
    'no Prometheus at all: a pool fills, a webhook and a program are notified before it is full, when it is, and of the end after the extension; a restart repeats nothing',
  disks: ['2G'],
  needsExporter: true,
  timeoutSeconds: 1500,
  steps: async (lab) => {
    await lab.sh(`vgcreate vg /dev/ubda && lvcreate -L ${mebibytes}M --thinpool pool vg`);
    await lab.sh('lvcreate -V 2G --thin vg/pool -n thin');
    // Before the exporter starts, to which so fast a fill would be a pool that is full within seconds.
    await lab.sh(`dd if=/dev/zero of=/dev/vg/thin bs=1M count=${used} oflag=direct`);
    const { received, close } = await receiveNotifications(lab, port);
    await writeSettings(lab);
    const args = [`--notify.config.file=${folder}/notify.yml`, `--notify.state=${state}`];
    const first = await startExporter(lab, args);
    await pause(20);
    lab.check('three quarters used: nothing is sent', received.length === 0, list(received));

    const fullAt = await fill(lab);
    const isFiring = (alert: string) =>
      received.find((one) => one.alert === alert && one.status === 'firing');
    await until(soonSeconds, async () => isFiring('ThinPoolFull') !== undefined);
    const early = isFiring('ThinPoolRunsOutInMinutes');
    const lead = early && (fullAt - early.at) / 1000;
    lab.check('the webhook is notified before the pool is full', (lead ?? 0) > 0, inSeconds(lead));
    const full = isFiring('ThinPoolFull');
    const delay = full && (full.at - fullAt) / 1000;
    lab.check(`and within ${soonSeconds} s when it is`, (delay ?? 99) <= soonSeconds, inSeconds(delay));

    const extendedAt = performance.now();
    await lab.sh('lvextend -L +1G vg/pool');
    const isOver = () =>
      received.find(({ alert, status }) => alert === 'ThinPoolFull' && status === 'resolved');
    await until(endSeconds, async () => isOver() !== undefined);
    const over = isOver();
    lab.check(
      'and of the end after the extension',
      over !== undefined,
      inSeconds(over && (over.at - extendedAt) / 1000),
    );
    const ids = received.map(({ id }) => id);
    lab.check('each once', new Set(ids).size === ids.length, list(received));
    lab.check('the others are explained by these', ids.length <= 4, list(received));

    const byProgram = (await lab.sh(`cat ${folder}/received`))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const paths = byProgram.map(({ status, alert }: Received) => `${status} ${alert}`).join(', ');
    lab.check('the program gets the same', paths === list(received), paths);
    const samples = await first.samples();
    for (const receiver of ['hook', 'pager'])
      lab.check(
        `${receiver}: nothing is queued`,
        findValue(samples, 'thinpool_notify_queue_length', { receiver }) === 0,
      );
    lab.check('it ends', (await first.stop()) === 0);

    const before = received.length;
    const second = await startExporter(lab, args);
    await pause(20);
    lab.check('a restart repeats nothing', received.length === before, list(received.slice(before)));
    await second.stop();
    lab.write('received.json', `${JSON.stringify({ fullAt, received }, null, 1)}\n`);
    close();
  },
});

async function writeSettings(lab: Lab): Promise<void> {
  await lab.sh(`mkdir -m 755 ${folder}
cat >${program} <<'END'
#!/bin/sh
cat >>${folder}/received
END
chmod 755 ${program}
cat >${folder}/notify.yml <<'END'
receivers:
  - name: hook
    url: http://127.0.0.1:${port}/
  - name: pager
    type: exec
    program: ${program}
END`);
}

/** At a steady rate to the last block, and on. When the pool's own status showed it, in ms of performance.now. */
async function fill(lab: Lab): Promise<number> {
  await lab.sh(`(i=${used}
while [ $i -lt ${mebibytes + 8} ]; do
  dd if=/dev/zero of=/dev/vg/thin bs=1M seek=$i count=1 oflag=direct 2>/dev/null; i=$((i + 1)); sleep 1
done) >/dev/null 2>&1 &`);
  const seconds = await until(fillSeconds, async () => {
    const { usedData, totalData } = await readPoolTruth(lab, 'vg-pool-tpool');
    return usedData === totalData;
  });
  if (seconds === undefined) throw new Error('the pool did not fill');
  return performance.now();
}

function list(received: readonly Received[]): string {
  return received.map(({ status, alert }) => `${status} ${alert}`).join(', ');
}

function inSeconds(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : `${seconds.toFixed(1)} s`;
}
