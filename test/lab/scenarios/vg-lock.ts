import { checkAgreement } from '../guest/agreement.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import { pause, until } from '../guest/patience.ts';
import { compareGroup, readGroupTruth } from '../guest/truth.ts';
import { openWatch, type Watch } from '../guest/watch.ts';
import { defineScenario } from '../scenario.ts';

const pool = 'vg-pool';
/** Long enough for lvs to wait 6.2 s for a dmeventd that does not answer, short enough to see several polls. */
const pace = [
  '--collector.lvm.interval=15s',
  '--collector.lvm.timeout=10s',
  '--collector.lvm.seg-monitor=on',
];
/** Two intervals of LVM, and its deadline. */
const lvmSeconds = 2 * 15 + 10 + 1;

export const vgLock = defineScenario({
  name: 'vg-lock',
  about: "the built exporter while another command holds the VG's lock, and while dmeventd does not answer",
  disks: ['2G'],
  needsExporter: true,
  timeoutSeconds: 600,
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 256M --thinpool pool vg');
    await lab.sh('lvcreate -V 1G --thin vg/pool -n thin && lvcreate -V 1G --thin vg/pool -n other');
    await lab.sh('lvchange --monitor y vg/pool');
    const watch = await openWatch(lab, pace);
    await watch.step({ name: 'well', exit: 0, volumes: true });
    await checkLvm(watch, 'well');
    const from = watch.children.seconds();
    await holdLock(watch);
    await waitAtPrompt(watch);
    await freezeDmeventd(watch);
    const denied = watch.timeline.when(notMonitored, true, 0);
    lab.check('the pool is never reported as not monitored', denied === undefined, inSeconds(denied));
    checkPile(watch, from);
    await watch.finish();
  },
});

const notMonitored = `finding warning autoextend-not-monitored ${pool}`;

/** LVM answers, and what it says is what we say. */
async function checkLvm({ lab, exporter }: Watch, step: string): Promise<void> {
  await checkAgreement(lab, `${step}: LVM answers, and the pool is monitored`, lvmSeconds, async () => {
    const samples = await exporter.samples();
    const differences = compareGroup(samples, 'vg', await readGroupTruth(lab, 'vg'));
    return [...(isUp(samples, 'lvm') ? [] : ['lvm is down']), ...compareMonitored(samples), ...differences];
  });
}

function compareMonitored(samples: readonly Sample[]): readonly string[] {
  const value = findValue(samples, 'thinpool_lvm_monitored', { pool });
  return value === 1 ? [] : [`thinpool_lvm_monitored is ${value}`];
}

/** The lock is held for longer than LVM's facts are believed; the exporter's own commands wait, and are ended. */
async function holdLock(watch: Watch): Promise<void> {
  const { lab } = watch;
  await lab.sh('flock -x /run/lock/lvm/V_vg sleep 9999 & echo $! >/run/lab-lock; sleep 0.5');
  await checkBeside(watch, 'lock held', 75);
  await lab.sh('pkill -P $(cat /run/lab-lock)');
  await checkLvm(watch, 'lock released');
}

/** As it happens: an operator ran lvremove, and has not confirmed its prompt yet. */
async function waitAtPrompt(watch: Watch): Promise<void> {
  const { lab } = watch;
  await lab.sh(`mkfifo /run/lab-answer; lvremove vg/other <>/run/lab-answer >/run/lab-prompt 2>&1 &
sleep 2; grep -q 'Do you really want' /run/lab-prompt`);
  const vgs = await lab.run(['vgs', 'vg'], { timeoutMs: 3000 });
  lab.check('lvremove prompts: vgs waits', vgs.lost !== undefined, vgs.lost ?? `exit ${vgs.exitCode}`);
  if (vgs.lost !== undefined) await checkBeside(watch, 'lvremove prompts', 40);
  await lab.sh('echo n >/run/lab-answer; while pgrep -x lvremove; do sleep 0.2; done');
  await checkLvm(watch, 'answered');
}

/** The collector that waits for the lock fails; everything else stays as it was. */
async function checkBeside(watch: Watch, step: string, seconds: number): Promise<void> {
  const { lab, exporter } = watch;
  const before = await readTimeouts(watch);
  const failed = await until(lvmSeconds, async () => (await readTimeouts(watch)) > before);
  lab.check(`${step}: a query of LVM is ended at its deadline`, failed !== undefined, inSeconds(failed));
  const samples = await exporter.samples();
  const down = samples.filter(({ name, value }) => name === 'thinpool_collector_up' && value !== 1);
  const names = down.map(({ labels }) => labels['collector']).join(', ');
  lab.check(`${step}: no other collector fails`, names === 'lvm', names);
  await pause(seconds);
  // `check` queries LVM as well, waits as long as its own deadline, and reports that LVM did not respond.
  await watch.step({
    name: step,
    act: 'dd if=/dev/zero of=/dev/vg/thin bs=1M count=16 oflag=direct',
    findings: ['collector-failing lvm'],
    exit: 1,
    within: 41,
    volumes: true,
  });
}

async function readTimeouts({ exporter }: Watch): Promise<number> {
  return findValue(await exporter.samples(), 'thinpool_collector_timeouts_total', { collector: 'lvm' }) ?? 0;
}

/** With it stopped, lvs waits 6 s for it and then says of every pool that it is not monitored, which is false. */
async function freezeDmeventd(watch: Watch): Promise<void> {
  const { lab, exporter, children } = watch;
  await lab.sh('kill -STOP $(cat /run/dmeventd.pid)');
  const from = children.seconds();
  const own = () =>
    children.children.filter(({ command, from: at }) => command.startsWith('lvs') && at > from);
  const slow = await until(lvmSeconds, async () => own().some((child) => child.to - child.from > 4));
  lab.check('frozen: lvs is slow', slow !== undefined, inSeconds(slow));
  await pause(8);
  await watch.step({
    name: 'frozen',
    exit: 0,
    without: [`collector-failing lvm`],
    also: compareFrozen,
    within: 31,
  });
  lab.check('frozen: the collector lvm is up', isUp(await exporter.samples(), 'lvm'));
  await lab.sh('kill -CONT $(cat /run/dmeventd.pid)');
  await checkLvm(watch, 'dmeventd goes on');
}

function compareFrozen(samples: readonly Sample[]): readonly string[] {
  const frozen = findValue(samples, 'thinpool_daemon_frozen', { daemon: 'dmeventd' });
  const monitored = findValue(samples, 'thinpool_lvm_monitored', { pool });
  return [
    ...(frozen === 1 ? [] : [`thinpool_daemon_frozen is ${frozen}`]),
    ...(monitored === 0 ? ['thinpool_lvm_monitored is 0'] : []),
  ];
}

/** One lvs and one vgs at a time, however long they wait. */
function checkPile({ lab, children }: Watch, from: number): void {
  const own = children.children.filter((child) => /^(?:lvs|vgs) /.test(child.command) && child.from > from);
  const beside = own.map((child) => own.filter((other) => other.from <= child.from && other.to > child.from));
  const most = Math.max(0, ...beside.map(({ length }) => length));
  lab.check('nothing piles up', most <= 2, `${own.length} commands, ${most} at once at most`);
}

function isUp(samples: readonly Sample[], collector: string): boolean {
  return findValue(samples, 'thinpool_collector_up', { collector }) === 1;
}

function inSeconds(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : `after ${seconds.toFixed(1)} s`;
}
