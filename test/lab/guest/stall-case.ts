import { checkAgreement } from './agreement.ts';
import type { Child } from './children.ts';
import { compareMinimumFrees } from './docker-pool.ts';
import { runCheck } from './exporter.ts';
import { findValue, type Sample } from './exposition.ts';
import { pause, until } from './patience.ts';
import {
  checkFreshness,
  describe,
  isLvm,
  list,
  poolSeconds,
  type Subject,
  stuckSeconds,
} from './stall-checks.ts';
import { type Device, type Ground, pastTheStall, write } from './stall-ground.ts';
import { compareGroup, comparePool, readGroupTruth, readPoolTruth } from './truth.ts';

/** LVM and Docker are queried more often than by default, to see in a minute what else takes four. */
const pace = { interval: 10, timeout: 8 } as const;
export const stallPace = ['lvm', 'docker'].flatMap((collector) => [
  `--collector.${collector}.interval=${pace.interval}s`,
  `--collector.${collector}.timeout=${pace.timeout}s`,
]);
/** How long facts of LVM or Docker are kept, and two of their intervals with a deadline. */
const factSeconds = 3 * pace.interval + pace.timeout;
const twoIntervals = 2 * pace.interval + pace.timeout + 1;
/** Long enough for all that can grow too old to do so. */
const blindSeconds = stuckSeconds + factSeconds + 2;
const quietSeconds = 2 * pace.interval + 5;
/** The age limit of a status: three intervals of five seconds and a deadline of four; and a scrape. */
const statusSeconds = 21;
/** `check` starts, finds the devices, and then waits for LVM's deadline at most, twenty seconds. */
const verdictSeconds = 40;
/** Two intervals of the volumes, which are polled least often of what the stall affects. */
const readySeconds = 31;
/** Seconds that the guest's one CPU may add where its machine is busy with others. */
const slack = 6;
/** How long to wait for a query of the lab's own. */
const probeSeconds = 2.5;

export interface StallCase {
  readonly device: Device;
  readonly writes: boolean;
}

export function nameCase({ device, writes }: StallCase): string {
  return `${device} ${writes ? 'with writers' : 'quiet'}`;
}

/** What is under way: when the storage stalled, and when something committed on it, in seconds of the watch. */
interface Stall {
  readonly subject: Subject;
  readonly ground: Ground;
  readonly name: string;
  readonly device: Device;
  readonly writes: boolean;
  readonly from: number;
  readonly commitAt: number;
}

let writtenTo = 8;
let spares = 0;

/** One stall from its beginning to the moment at which everything is back. */
export async function liveThrough(subject: Subject, ground: Ground, stallCase: StallCase): Promise<void> {
  const { lab, children } = subject;
  const name = nameCase(stallCase);
  const { device, writes } = stallCase;
  if (writes) await ground.startWriter();
  const from = await stopStorage(subject, ground, stallCase);
  const stall: Stall = { subject, ground, name, device, writes, from, commitAt: from };
  const commitAt = await awaitCommit(stall, writes);
  await checkBlind({ ...stall, commitAt });
  await lab.sh(`dmsetup resume ${ground.devices[device]}`);
  // Nothing moves any more that is compared.
  if (writes) await ground.stopWriter();
  await checkCurrent(subject, ground, `${name}, back`);
  tell(stall, children.seconds());
}

/**
 * Where the data stalls, a mapping is only made when its block was written: a stall between two commits that meets
 * nothing new is like one of a quiet pool, and is tried again.
 */
async function stopStorage(
  { lab, children }: Subject,
  ground: Ground,
  { device, writes }: StallCase,
): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    await lab.sh(`dmsetup suspend --noflush --nolockfs ${ground.devices[device]}`);
    const from = children.seconds();
    if (!writes) return from;
    const seconds = await until(5, () => isHanging(lab, ground));
    if (seconds !== undefined) {
      lab.say(`${nameCase({ device, writes })}: the status hangs ${describe(seconds)}, attempt ${attempt}`);
      return from;
    }
    if (attempt === 5) throw new Error('no stall met a transaction');
    await lab.sh(`dmsetup resume ${ground.devices[device]}; sleep 3`);
  }
}

/** A query of the lab's own, as the exporter makes it. */
async function isHanging(lab: Subject['lab'], { dmName }: Ground): Promise<boolean> {
  return (
    (await lab.run(['dmsetup', 'status', '--noflush', dmName], { timeoutMs: 1000 * probeSeconds })).lost ===
    'D'
  );
}

/** Everything is known and current before the first stall. */
export async function checkBefore(subject: Subject, ground: Ground): Promise<void> {
  // The very first queries are late on a busy machine, and the kernel's settings are read every half minute.
  await checkCurrent(subject, ground, 'before', 61);
}

/** A quiet pool keeps responding until something commits: Docker with its info, else the lab by a status that flushes. */
async function awaitCommit(stall: Stall, writes: boolean): Promise<number> {
  const { subject, ground, name, from } = stall;
  const { lab, children } = subject;
  if (writes) return from;
  if (ground.docker) return awaitDocker(stall);
  await checkQuiet(stall);
  const at = children.seconds();
  const { lost } = await lab.run(['dmsetup', 'status', ground.dmName], { timeoutMs: 1500 });
  lab.check(`${name}: a status that commits hangs`, lost === 'D', lost);
  return at;
}

/** The exporter cannot know of a stall that nothing has met yet: all it shows is true, and it hangs nowhere. */
async function checkQuiet({ subject, ground, name, device, from }: Stall): Promise<void> {
  const { lab, exporter, children } = subject;
  await pause(quietSeconds);
  await checkPools(subject, [[ground.pool, ground.dmName], wellPool], `${name}, nobody commits`);
  const critical = findCritical(await exporter.samples());
  lab.check(
    `${name}, nobody commits: nothing critical`,
    critical.length === 0,
    critical.join(', ') || undefined,
  );
  const { status } = await exporter.get('/-/ready');
  lab.check(`${name}, nobody commits: ready`, status === 200, `${status}`);
  // LVM reads the PV itself, and waits for it.
  await checkVerdict(subject, `${name}, nobody commits`, [device === 'PV' ? 1 : 0, verdictSeconds]);
  const late = since(children.children, from).filter((child) => child.to - child.from > pace.timeout - 1);
  const isExpected = device === 'PV' ? late.length > 0 && late.every(isLvm) : late.length === 0;
  lab.check(
    `${name}, nobody commits: what waits is ${device === 'PV' ? 'LVM' : 'nothing'}`,
    isExpected,
    list(late),
  );
  const again = late.filter((child) =>
    late.some(({ command, from: at }) => command === child.command && child.from > at),
  );
  lab.check(`${name}, nobody commits: none that waits is started again`, again.length === 0, list(again));
}

/** With Docker nothing stays quiet: docker info commits, so it is what hangs first. */
async function awaitDocker({ subject, ground, name, from }: Stall): Promise<number> {
  const { lab, children } = subject;
  const seconds = await until(pace.interval + pace.timeout + slack, () => isHanging(lab, ground));
  const info = children.children.filter(isDocker).at(-1);
  // One that was under way when the storage stalled is as good.
  const isDue = seconds !== undefined && info !== undefined && info.to > from;
  lab.check(`${name}: docker info is run, and the status hangs`, isDue, describe(seconds));
  // The client takes its time until dockerd has its request: what counts is when the status began to hang.
  return Math.max(from, children.seconds() - probeSeconds);
}

async function checkBlind(stall: Stall): Promise<void> {
  const { subject, ground, name, from, commitAt } = stall;
  const { lab, exporter, children, timeline } = subject;
  const finding = `finding critical status-stuck ${ground.pool}`;
  const limit = stuckSeconds + slack;
  await until(limit, async () => timeline.when(finding, true, from) !== undefined);
  const noticed = timeline.when(finding, true, from);
  const noticedAfter = noticed === undefined ? undefined : noticed - commitAt;
  const isNoticed = noticedAfter !== undefined && noticedAfter <= limit;
  lab.check(`${name}: status-stuck`, isNoticed, describe(noticedAfter));
  lab.check(`${name}: the status hangs for others too`, await isHanging(lab, ground));
  const { body } = await exporter.get('/api/v1/findings');
  lab.write(`findings/${fileOf(name)}.json`, body);
  lab.check(
    `${name}: it says to run no command on the pool`,
    body.includes('Run no LVM or Docker command on the pool'),
  );
  await write(lab, 'well', writtenTo);
  writtenTo += 8;
  spares += 1;
  await lab.sh(
    `lvcreate -an -Zn -Wn -L 4M -n spare${spares} ${pastTheStall.map((word) => `'${word}'`).join(' ')} well`,
  );
  await checkPools(subject, [wellPool], name);
  await checkAgreement(lab, `${name}: the VG well as vgs says`, twoIntervals, async () =>
    compareGroup(await exporter.samples(), 'well', await readGroupTruth(lab, 'well', pastTheStall)),
  );
  await checkAgeing(stall);
  const { status, body: why } = await exporter.get('/-/ready');
  const isTold = status === 503 && why.includes(ground.pool) && !why.includes('well');
  lab.check(`${name}: not ready, and it says which pool`, isTold, `${status} ${why.replaceAll('\n', ' ')}`);
  await checkVerdict(subject, name, [2, verdictSeconds]);
  await pause(commitAt + blindSeconds - children.seconds());
  lab.write(`pages/${fileOf(name)}.prom`, (await exporter.get('/metrics')).body);
  checkWithdrawn(stall);
  checkHanging(stall);
  checkFreshness(subject, name, from, poolSeconds);
  const samples = await exporter.samples();
  const critical = findCritical(samples);
  const isOnly = critical.every((found) => found === `status-stuck ${ground.pool}`);
  lab.check(`${name}: critical is status-stuck alone`, critical.length === 1 && isOnly, critical.join(', '));
  for (const collector of ground.docker ? ['lvm', 'docker'] : ['lvm']) checkHeld(stall, collector, samples);
}

function checkHeld({ subject, name, from }: Stall, collector: string, samples: readonly Sample[]): void {
  const { lab, timeline } = subject;
  const at = timeline.when(`collector ${collector}: blocked`, true, from);
  const isHeld = findValue(samples, 'thinpool_collector_blocked', { collector }) === 1;
  const since = at === undefined ? 'since before' : describe(at - from);
  lab.check(`${name}: ${collector} is blocked`, isHeld, isHeld ? since : undefined);
}

/** What nothing newer came of is withdrawn in time; the other VG's facts never. */
function checkWithdrawn({ subject, ground, name, device, from, commitAt }: Stall): void {
  const { lab, timeline } = subject;
  const gone = (what: string) => timeline.when(what, false, from);
  // LVM waits for a PV from the first moment, for the rest of a pool from its first commit.
  const lvmFrom = device === 'PV' ? from : commitAt;
  const limits: readonly (readonly [what: string, since: number, seconds: number])[] = [
    [`thinpool_data_used_blocks of ${ground.pool}`, commitAt, statusSeconds],
    // Until the stall is noticed they are queried, and `vgs` for one reads no pool.
    [`thinpool_vg_free_bytes of ${ground.vg}`, lvmFrom, stuckSeconds + factSeconds],
    [`thinpool_lvm_thin_volumes of ${ground.pool}`, lvmFrom, stuckSeconds + factSeconds],
    ...(ground.docker
      ? [[`thinpool_docker_minimum_free_bytes of ${ground.pool}`, commitAt, factSeconds] as const]
      : []),
  ];
  for (const [what, since, seconds] of limits) {
    const at = gone(what);
    const after = at === undefined ? undefined : at - since;
    lab.check(
      `${name}: withdrawn: ${what}`,
      after !== undefined && after <= seconds + slack,
      describe(after),
    );
  }
  const others = [
    'thinpool_vg_free_bytes of well',
    'thinpool_lvm_thin_volumes of well-pool',
    'thinpool_data_used_blocks of well-pool',
  ];
  const lost = others.filter((what) => gone(what) !== undefined);
  lab.check(`${name}: nothing of well is withdrawn`, lost.length === 0, lost.join(', ') || undefined);
}

interface CollectorsAnswer {
  readonly takenAt: number;
  readonly collectors: readonly {
    readonly name: string;
    readonly queries: readonly { readonly key: string; readonly lastSuccessAt?: number }[];
  }[];
}

/** The sick VG's facts are not gone because the other VG has answered: they are shown for as long as their age allows. */
async function checkAgeing({ subject, ground, name }: Stall): Promise<void> {
  const { lab, exporter } = subject;
  const shown =
    findValue(await exporter.samples(), 'thinpool_vg_free_bytes', { vg: ground.vg }) !== undefined;
  const { takenAt, collectors } = JSON.parse(
    (await exporter.get('/api/v1/collectors')).body,
  ) as CollectorsAnswer;
  const states = collectors
    .flatMap((collector) => (collector.name === 'lvm' ? collector.queries : []))
    .filter(({ key }) => key === 'vgs' || key === `vgs@${ground.vg}`);
  const readAt = Math.max(...states.map(({ lastSuccessAt }) => lastSuccessAt ?? 0));
  const age = (takenAt - readAt) / 1000;
  const isOnEdge = Math.abs(age - factSeconds) < 3;
  const detail = `${age.toFixed(1)} s old, ${shown ? 'shown' : 'not shown'}`;
  lab.check(`${name}: VG ${ground.vg} is shown by its age`, isOnEdge || shown === age < factSeconds, detail);
}

/** At most one command of each query hangs, and none was started since; of docker info there was one at most. */
function checkHanging({ subject, ground, name, from, commitAt, writes }: Stall): void {
  const { lab, children, timeline } = subject;
  const own = since(children.children, from);
  const hanging = children.alive().filter((child) => children.seconds() - child.from > 10);
  const ofPool = hanging.filter(({ command }) => command.includes(` ${ground.dmName}`));
  const alone = ofPool.filter(({ command }) => command.endsWith(`--noflush -- ${ground.dmName}`));
  // The batched one showed that one of the pools does not respond.
  const isOne = alone.length === 1 && ofPool.length <= 2;
  // The docker client waits for dockerd, and is left to wait.
  const inKernel = hanging.every((child) => child.state === 'D' || isDocker(child));
  lab.check(`${name}: what hangs does so in D, the pool's status once`, isOne && inKernel, list(hanging));
  const again = own.filter((child) =>
    hanging.some(({ command, from: at }) => command === child.command && child.from > at),
  );
  lab.check(`${name}: nothing that hangs is started again`, again.length === 0, list(again));
  if (ground.docker) {
    const infos = children.children.filter((child) => isDocker(child) && child.to > from);
    const states = infos.map(
      ({ from: at, to, state }) => `${(at - from).toFixed(1)}–${(to - from).toFixed(1)} s ${state}`,
    );
    const late = infos.filter((child) => child.to - child.from > pace.timeout - 2);
    const status = hanging.find(({ command }) => command.includes(ground.dmName));
    const first = late[0];
    if (status !== undefined && first !== undefined)
      lab.say(
        `${name}: docker info started ${(status.from - first.from).toFixed(1)} s before the status that hangs`,
      );
    lab.check(
      `${name}: one docker info hangs at most`,
      late.length <= 1,
      states.join(', ') || 'none was started',
    );
    if (writes) return;
    const stuck = timeline.when('finding warning collector-stuck docker', true, from);
    const after = stuck === undefined ? undefined : stuck - commitAt;
    // It counts as stuck when the next one would be due.
    const isTold = after !== undefined && after <= pace.interval + pace.timeout + slack;
    lab.check(`${name}: collector-stuck of docker`, isTold, describe(after));
  }
}

/** Everything at once, so that each says how long it took since the storage was back. */
async function checkCurrent(
  subject: Subject,
  ground: Ground,
  step: string,
  patience: number = readySeconds + slack,
): Promise<void> {
  const { lab, exporter, children } = subject;
  await Promise.all([
    checkPools(subject, [[ground.pool, ground.dmName], wellPool], step),
    checkAgreement(lab, `${step}: the volume groups as vgs says`, twoIntervals + slack, async () => {
      const samples = await exporter.samples();
      const truths = [await readGroupTruth(lab, ground.vg), await readGroupTruth(lab, 'well')] as const;
      return [...compareGroup(samples, ground.vg, truths[0]), ...compareGroup(samples, 'well', truths[1])];
    }),
    checkAgreement(lab, `${step}: ready, its collectors up, nothing critical`, patience, async () => {
      const { status, body } = await exporter.get('/-/ready');
      const samples = await exporter.samples();
      const down = samples.filter(
        ({ name: metric, labels, value }) =>
          metric === 'thinpool_collector_up' && value !== 1 && touched.includes(labels['collector'] ?? ''),
      );
      return [
        ...(status === 200 ? [] : [body]),
        ...down.map(({ labels }) => `${labels['collector']} is down`),
        ...findCritical(samples),
      ];
    }),
    checkAgreement(lab, `${step}: no command is left`, poolSeconds + slack, async () =>
      children
        .alive()
        .filter(({ from }) => children.seconds() - from > 5)
        .map(({ command }) => command),
    ),
    ...(ground.docker
      ? [
          checkAgreement(lab, `${step}: Docker's minimum free`, twoIntervals + slack, async () =>
            compareMinimumFrees(await exporter.samples(), await readPoolTruth(lab, ground.dmName), 'docker'),
          ),
        ]
      : []),
  ]);
}

/** The collectors that a stall keeps from reading; the others read nothing of it. */
const touched: readonly string[] = ['devices', 'pools', 'volumes', 'lvm', 'docker'];
const wellPool = ['well-pool', 'well-pool-tpool'] as const;

async function checkPools(
  { lab, exporter }: Subject,
  pools: readonly (readonly [pool: string, dmName: string])[],
  step: string,
): Promise<void> {
  for (const [pool, dmName] of pools)
    await checkAgreement(lab, `${step}: ${pool} as dmsetup says`, poolSeconds + slack, async () =>
      comparePool(await exporter.samples(), pool, await readPoolTruth(lab, dmName)),
    );
}

async function checkVerdict(
  { lab }: Subject,
  step: string,
  [exit, limit]: readonly [number, number],
): Promise<void> {
  const { stdout, exitCode, ms } = await runCheck(lab, { timeoutMs: 60_000 });
  lab.write(`check/${fileOf(step)}.json`, stdout);
  const detail = `exit ${exitCode} after ${ms} ms`;
  lab.check(`${step}: check exits ${exit} within ${limit} s`, exitCode === exit && ms < 1000 * limit, detail);
}

function findCritical(samples: readonly Sample[]): readonly string[] {
  return samples
    .filter(({ name, labels }) => name === 'thinpool_finding' && labels['severity'] === 'critical')
    .map(({ labels }) => `${labels['code']} ${labels['pool']}`);
}

function since(children: readonly Child[], from: number): readonly Child[] {
  return children.filter((child) => child.from >= from);
}

function isDocker({ command }: Child): boolean {
  return command.startsWith('docker ');
}

/** What came and went, in seconds since the stall: the figures of docs/behaviour/stalled-storage.md. */
function tell({ subject, name, from, commitAt }: Stall, to: number): void {
  const { lab, timeline, children } = subject;
  const events = timeline.events
    .filter(({ at }) => at >= from && at <= to)
    .map(({ at, appeared, what }) => `${(at - from).toFixed(1)} ${appeared ? '+' : '-'} ${what}`);
  const late = since(children.children, from - 20)
    .filter((child) => child.to >= from && child.to - child.from > 1.5)
    .map(
      (child) =>
        `${(child.from - from).toFixed(1)} to ${(child.to - from).toFixed(1)} ${child.state} ${child.command}`,
    );
  lab.write(
    `cases/${fileOf(name)}.txt`,
    [`commit ${(commitAt - from).toFixed(1)}`, ...events, '', ...late, ''].join('\n'),
  );
}

function fileOf(name: string): string {
  return name.replaceAll(/\W+/g, '-');
}
