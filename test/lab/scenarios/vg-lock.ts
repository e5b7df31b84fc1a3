import { checkAgreement } from '../guest/agreement.ts';
import { type ChildWatch, watchChildren } from '../guest/children.ts';
import { type Exporter, startExporter } from '../guest/exporter.ts';
import { findValue, type Sample } from '../guest/exposition.ts';
import type { Lab } from '../guest/lab.ts';
import { pause, until } from '../guest/patience.ts';
import { startProber, summarizeProbes } from '../guest/prober.ts';
import { statusAge } from '../guest/timeline.ts';
import { compareGroup, comparePool, readGroupTruth, readPoolTruth } from '../guest/truth.ts';
import { defineScenario } from '../scenario.ts';

const pool = 'vg-pool';
/** Long enough for lvs to wait 6.2 s for a dmeventd that does not answer, short enough to see several readings. */
const pace = [
  '--collector.lvm.interval=15s',
  '--collector.lvm.timeout=10s',
  '--collector.lvm.seg-monitor=on',
];
/** Two intervals of LVM, and its deadline. */
const lvmSeconds = 2 * 15 + 10 + 1;
const poolSeconds = 11;

export const vgLock = defineScenario({
  name: 'vg-lock',
  about: "the built exporter while another command holds the VG's lock, and while dmeventd does not answer",
  disks: ['2G'],
  needsExporter: true,
  timeoutSeconds: 400,
  steps: async (lab) => {
    await lab.sh('vgcreate vg /dev/ubda && lvcreate -L 256M --thinpool pool vg');
    await lab.sh('lvcreate -V 1G --thin vg/pool -n thin && lvcreate -V 1G --thin vg/pool -n other');
    await lab.sh('lvchange --monitor y vg/pool');
    const exporter = await startExporter(lab, pace);
    const children = watchChildren(lab, exporter.pid);
    const monitored: (number | undefined)[] = [];
    const ages: (number | undefined)[] = [];
    const prober = startProber(lab, exporter, (samples) => {
      monitored.push(findValue(samples, 'thinpool_lvm_monitored', { pool }));
      ages.push(statusAge(samples, pool));
    });
    const subject = { lab, exporter, children };
    await checkLvm(subject, 'before');
    ages.splice(0);
    monitored.splice(0);
    await holdLock(subject);
    await waitAtPrompt(subject);
    await freezeDmeventd(subject);
    lab.check('never told as not monitored', !monitored.includes(0), `${monitored.length} pages`);
    prober.stop();
    children.stop('children.txt');
    const oldest = Math.max(...ages.map((age) => age ?? Number.POSITIVE_INFINITY));
    lab.check("the pool's status is never old", oldest <= 8, `at most ${oldest.toFixed(1)} s`);
    const answered = prober.probes.every(({ status }) => status === 200);
    lab.check('every scrape answered', answered, summarizeProbes(prober.probes));
    lab.check('no command was started twice', children.twins.length === 0, children.twins[0]);
    lab.check('it ends by SIGTERM', (await exporter.stop()) === 0);
  },
});

interface Subject {
  readonly lab: Lab;
  readonly exporter: Exporter;
  readonly children: ChildWatch;
}

/** LVM answers, and says what it says to us. */
async function checkLvm({ lab, exporter, children }: Subject, step: string): Promise<void> {
  await checkAgreement(lab, `${step}: LVM answers, and the pool is monitored`, lvmSeconds, async () => {
    const samples = await exporter.samples();
    const isMonitored = findValue(samples, 'thinpool_lvm_monitored', { pool }) === 1;
    const told = compareGroup(samples, 'vg', await readGroupTruth(lab, 'vg'));
    return [
      ...(isUp(samples, 'lvm') ? [] : ['lvm is down']),
      ...(isMonitored ? [] : ['not monitored']),
      ...told,
    ];
  });
  await checkAgreement(lab, `${step}: no child is left`, 5, async () =>
    children
      .alive()
      .filter(({ from }) => children.seconds() - from > 12)
      .map(({ command }) => command),
  );
}

/** The lock is held for longer than LVM's facts are believed; the exporter's own commands wait, and are ended. */
async function holdLock(subject: Subject): Promise<void> {
  const { lab } = subject;
  await lab.sh('flock -x /run/lock/lvm/V_vg sleep 9999 & echo $! >/run/lab-lock; sleep 0.5');
  await checkBeside(subject, 'lock held', 75);
  await lab.sh('pkill -P $(cat /run/lab-lock)');
  await checkLvm(subject, 'lock released');
}

/** As it happens: somebody ran lvremove, and has not answered its question yet. */
async function waitAtPrompt(subject: Subject): Promise<void> {
  const { lab } = subject;
  await lab.sh(`mkfifo /run/lab-answer && { lvremove vg/other </run/lab-answer >/run/lab-prompt 2>&1 &
exec 3>/run/lab-answer; sleep 9999 >&3 & echo $! >/run/lab-lock; }; sleep 1`);
  const vgs = await lab.run(['vgs', 'vg'], { timeoutMs: 3000 });
  lab.check('lvremove at its prompt: vgs waits', vgs.lost !== undefined, vgs.lost ?? `exit ${vgs.exitCode}`);
  if (vgs.lost !== undefined) await checkBeside(subject, 'lvremove at its prompt', 40);
  await lab.sh('echo n >/run/lab-answer; kill $(cat /run/lab-lock); sleep 1');
  await checkLvm(subject, 'answered');
}

async function checkBeside(subject: Subject, step: string, seconds: number): Promise<void> {
  const { lab, exporter, children } = subject;
  const from = children.seconds();
  const timeouts =
    findValue(await exporter.samples(), 'thinpool_source_timeouts_total', { source: 'lvm' }) ?? 0;
  const failed = await until(lvmSeconds, async () => {
    const samples = await exporter.samples();
    return findValue(samples, 'thinpool_source_status', { source: 'lvm', status: 'failed' }) === 1;
  });
  lab.check(`${step}: the source lvm fails`, failed !== undefined, inSeconds(failed));
  await lab.sh('dd if=/dev/zero of=/dev/vg/thin bs=1M count=16 oflag=direct');
  await checkAgreement(lab, `${step}: metrics as dmsetup says`, poolSeconds, async () =>
    comparePool(await exporter.samples(), pool, await readPoolTruth(lab, 'vg-pool-tpool')),
  );
  await pause(Math.max(0, from + seconds - children.seconds()));
  const samples = await exporter.samples();
  const after = findValue(samples, 'thinpool_source_timeouts_total', { source: 'lvm' }) ?? 0;
  lab.check(`${step}: its readings are ended at their deadline`, after > timeouts, `${after - timeouts}`);
  const down = samples.filter(({ name, value }) => name === 'thinpool_source_up' && value !== 1);
  const names = down.map(({ labels }) => labels['source']).join(', ');
  lab.check(`${step}: no other source fails`, names === 'lvm', names);
  const own = children.children.filter((child) => isLvm(child.command) && child.from > from);
  const most = Math.max(
    ...own.map((child) => own.filter((other) => other.from <= child.from && other.to > child.from).length),
  );
  lab.check(`${step}: nothing piles up`, most <= 2, `${own.length} commands, ${most} at once at most`);
  const { status, body } = await exporter.get('/-/ready');
  lab.check(`${step}: ready`, status === 200, body.trim());
  lab.write(`pages/${step.replaceAll(' ', '-')}.prom`, (await exporter.get('/metrics')).body);
}

/** With it stopped, lvs waits 6 s for it and then says of every pool that it is not monitored, which is false. */
async function freezeDmeventd(subject: Subject): Promise<void> {
  const { lab, exporter, children } = subject;
  await lab.sh('kill -STOP $(cat /run/dmeventd.pid)');
  const from = children.seconds();
  const frozen = await until(61, async () => {
    const samples = await exporter.samples();
    return findValue(samples, 'thinpool_daemon_frozen', { daemon: 'dmeventd' }) === 1;
  });
  lab.check('frozen: dmeventd is told as frozen', frozen !== undefined, inSeconds(frozen));
  const own = () =>
    children.children.filter(({ command, from: at }) => command.startsWith('lvs') && at > from);
  const slow = await until(lvmSeconds, async () => own().some((child) => child.to - child.from > 4));
  lab.check('frozen: lvs is slow', slow !== undefined, inSeconds(slow));
  await pause(8);
  const samples = await exporter.samples();
  lab.check('frozen: the source lvm is up', isUp(samples, 'lvm'));
  lab.write('pages/frozen.prom', (await exporter.get('/metrics')).body);
  await lab.sh('kill -CONT $(cat /run/dmeventd.pid)');
  await checkLvm(subject, 'dmeventd goes on');
}

function isUp(samples: readonly Sample[], source: string): boolean {
  return findValue(samples, 'thinpool_source_up', { source }) === 1;
}

function isLvm(command: string): boolean {
  return /^(?:lvs|vgs) /.test(command);
}

function inSeconds(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : `after ${seconds.toFixed(1)} s`;
}
