import type { Child } from '../guest/children.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { openWatch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const policy = 'activation { thin_pool_autoextend_threshold=70 thin_pool_autoextend_percent=20 }';
const args = ['--collector.lvm.interval=20s', '--collector.lvm.timeout=15s'];
/** autoextend-not-monitored waits for a minute, and LVM is queried every 20 s. */
const within = 60 + 45;
/** An interval of the collector dmeventd, one for the guest, and the scrape. */
const falseSeconds = 9;
const unwatched = 'autoextend-not-monitored vg-pool';

export const dmeventd = defineScenario({
  name: 'dmeventd',
  about:
    'the daemon that extends pools: watching, frozen, thawed, killed, started again, monitoring off, stopped',
  disks: ['1G'],
  needsExporter: true,
  timeoutSeconds: 900,
  steps: async (lab) => {
    await lab.sh(`echo '${policy}' >>/etc/lvm/lvmlocal.conf && vgcreate vg /dev/ubda`);
    await lab.sh('lvcreate -L 256M --thinpool pool vg && lvcreate -V 300M --thin vg/pool -n thin');
    // Since when dmeventd does not watch; what a page says after that, and a moment, is false.
    let asleepSince: number | undefined;
    let watching = false;
    const lies: string[] = [];
    const { step, finish, children, exporter } = await openWatch(lab, args, (samples, at) => {
      const is = findValue(samples, 'thinpool_lvm_monitored', { pool: 'vg-pool' });
      const seconds = asleepSince === undefined ? 0 : (performance.now() - asleepSince) / 1000;
      if (is === 1 && seconds > falseSeconds) lies.push(`${at.toFixed(0)}: 1 for ${seconds.toFixed(1)} s`);
      if (is === 0 && asleepSince === undefined && watching) lies.push(`${at.toFixed(0)}: 0`);
    });
    const well = async (name: string, act?: string) => {
      asleepSince = undefined;
      await step({
        name,
        ...(act === undefined ? {} : { act }),
        without: [unwatched],
        exit: 0,
        within,
        also: (samples) => compare(samples, { running: 1, frozen: 0, monitored: 1 }),
      });
      watching = true;
    };
    const unwell = async (name: string, act: () => Promise<void>, also: Expected) => {
      await step({
        name,
        act: async () => {
          watching = false;
          await act();
          asleepSince = performance.now();
        },
        findings: [unwatched],
        exit: 1,
        within,
        also: (samples) => compare(samples, also),
      });
    };
    await well('watching');
    const from = children.seconds();
    await unwell('frozen', () => signal(lab, 'STOP'), { running: 1, frozen: 1, monitored: undefined });
    checkLvs(
      lab,
      children.children.filter((child) => child.from > from),
    );
    await well('thawed', 'kill -CONT $(cat /run/dmeventd.pid)');
    await unwell('killed', () => signal(lab, 'KILL'), { running: 0, frozen: 0, monitored: undefined });
    const { exitCode } = await lab.run(['pgrep', '-x', 'dmeventd']);
    lab.check('killed: the exporter did not start it', exitCode === 1);
    await well('started again', 'lvchange --monitor n vg/pool; lvchange --monitor y vg/pool');
    // This LVM notices only when it is queried.
    asleepSince = undefined;
    await step({
      name: 'monitoring off',
      act: async () => {
        watching = false;
        await lab.sh('lvchange --monitor n vg/pool');
      },
      findings: [unwatched],
      exit: 1,
      within,
      also: (samples) => compare(samples, { running: 1, frozen: 0, monitored: 0 }),
    });
    await unwell('stopped', () => signal(lab, 'TERM'), { running: 0, frozen: 0, monitored: undefined });
    await well('watching again', 'lvchange --monitor y vg/pool');
    lab.check('thinpool_lvm_monitored was never false', lies.length === 0, lies[0]);
    const slow = findValue(await exporter.samples(), 'thinpool_collector_timeouts_total', {
      collector: 'lvm',
    });
    lab.check('LVM never timed out', slow === 0, `${slow}`);
    await finish();
  },
});

async function signal(lab: Lab, name: string): Promise<void> {
  await lab.sh(`kill -${name} $(cat /run/dmeventd.pid)`);
}

interface Expected {
  readonly running: number;
  readonly frozen: number;
  readonly monitored: number | undefined;
}

function compare(samples: readonly Sample[], expected: Expected): readonly string[] {
  const found = {
    running: findValue(samples, 'thinpool_daemon_running', { daemon: 'dmeventd' }),
    frozen: findValue(samples, 'thinpool_daemon_frozen', { daemon: 'dmeventd' }),
    monitored: findValue(samples, 'thinpool_lvm_monitored', { pool: 'vg-pool' }),
  };
  return (['running', 'frozen', 'monitored'] as const)
    .filter((name) => found[name] !== expected[name])
    .map((name) => `${name} is ${found[name]}, not ${expected[name]}`);
}

/** With seg_monitor lvs waits six seconds for a frozen dmeventd. One may have been started before the freeze was seen. */
function checkLvs(lab: Lab, children: readonly Child[]): void {
  const all = children.filter(({ command }) => command.startsWith('lvs '));
  const asking = all.filter(({ command }) => command.includes('seg_monitor'));
  const slowest = Math.max(0, ...all.map(({ from, to }) => to - from));
  const detail = `${asking.length} of ${all.length} with seg_monitor, slowest ${slowest.toFixed(1)} s`;
  lab.check('frozen: LVM is not slow', all.length > 0 && asking.length === 0 && slowest < 5, detail);
}
