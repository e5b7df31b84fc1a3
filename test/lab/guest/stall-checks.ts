import { checkAgreement } from './agreement.ts';
import { type Child, type ChildWatch, watchChildren } from './children.ts';
import { type Exporter, runCheck, startExporter } from './exporter.ts';
import { findValue, type Sample } from './exposition.ts';
import type { Lab } from './lab.ts';
import { type Prober, startProber, summarizeProbes } from './prober.ts';
import { openTimeline, statusAge, type Timeline } from './timeline.ts';
import { compareGroup, comparePool, readGroupTruth, readPoolTruth } from './truth.ts';

const [sick, well] = ['sick-pool', 'well-pool'];
const stuckFinding = `finding critical status-stuck ${sick}`;
const usedOf = (pool: string) => `thinpool_data_used_blocks of ${pool}`;

/** Two intervals of the collector `pools`, and a second for the guest, which has one slow CPU. */
export const poolSeconds = 11;
/**
 * An interval until the pools are queried together, the patience with that and a beat until each is queried alone, a
 * deadline, the time given to a child to die; and a scrape.
 */
export const stuckSeconds = 5 + 2 + 1 + 4 + 1 + 2;
/** The age limit of a status: three intervals and a deadline; and a scrape. */
const ageSeconds = 19 + 2;
/** The oldest that a healthy pool's status may be: an interval, a query, a late heartbeat. */
const freshSeconds = 8;

/** An exporter under watch. */
export interface Subject {
  readonly lab: Lab;
  readonly exporter: Exporter;
  readonly prober: Prober;
  readonly children: ChildWatch;
  readonly timeline: Timeline;
  /** Ages of the healthy pool's status, page by page; undefined where a page did not show it. */
  readonly ages: readonly (readonly [at: number, age: number | undefined])[];
}

export async function watchExporter(lab: Lab, args: readonly string[] = []): Promise<Subject> {
  const exporter = await startExporter(lab, args);
  const timeline = openTimeline(lab);
  const ages: [number, number | undefined][] = [];
  const children = watchChildren(lab, exporter.pid);
  const startedAt = Date.now() / 1000;
  const prober = startProber(lab, exporter, (samples, at) => {
    timeline.see(samples, at);
    // The state at the time of the request: the response time is judged separately.
    ages.push([at, statusAge(samples, well, startedAt + at)]);
  });
  return { lab, exporter, prober, children, timeline, ages };
}

export function unwatch({ prober, children, timeline }: Subject, name: string): void {
  prober.stop(`${name}-probes.json`);
  children.stop(`${name}-children.txt`);
  timeline.write(`${name}-timeline.txt`);
}

/** Everything is known, ready and current, and no child has been alive for long. */
export async function checkAllIsWell({ lab, exporter, children }: Subject, step: string): Promise<void> {
  for (const pool of [sick, well])
    await checkAgreement(lab, `${step}: ${pool} as dmsetup says`, poolSeconds, async () =>
      comparePool(await exporter.samples(), pool, await readPoolTruth(lab, `${pool}-tpool`)),
    );
  await checkAgreement(lab, `${step}: ready, and every collector up`, 31, async () => {
    const { status, body } = await exporter.get('/-/ready');
    const down = (await exporter.samples()).filter(
      ({ name, value }) => name === 'thinpool_collector_up' && value !== 1,
    );
    return [...(status === 200 ? [] : [body]), ...down.map(({ labels }) => `${labels['collector']} is down`)];
  });
  await checkAgreement(lab, `${step}: the volume groups as vgs says`, 31, async () => {
    const samples = await exporter.samples();
    const truths = [await readGroupTruth(lab, 'sick'), await readGroupTruth(lab, 'well')] as const;
    return [...compareGroup(samples, 'sick', truths[0]), ...compareGroup(samples, 'well', truths[1])];
  });
  await checkAgreement(lab, `${step}: no command is left`, poolSeconds, async () => {
    const old = children.alive().filter(({ from }) => children.seconds() - from > 5);
    const critical = (await exporter.samples()).filter(
      ({ name, labels }) => name === 'thinpool_finding' && labels['severity'] === 'critical',
    );
    return [...old.map(({ command }) => command), ...critical.map(({ labels }) => labels['code'] ?? '')];
  });
}

/** The other pool while one is stalled. */
export async function checkHealthy({ lab, exporter }: Subject, step: string): Promise<void> {
  await checkAgreement(lab, `${step}: ${well} as dmsetup says`, poolSeconds, async () =>
    comparePool(await exporter.samples(), well, await readPoolTruth(lab, `${well}-tpool`)),
  );
  const up = findValue(await exporter.samples(), 'thinpool_up', { pool: well });
  lab.check(`${step}: ${well} is up`, up === 1);
}

export async function checkReadiness({ lab, exporter }: Subject, step: string): Promise<void> {
  const { status, body } = await exporter.get('/-/ready');
  const isTold = status === 503 && body.includes(sick) && !body.includes(well);
  lab.check(`${step}: not ready, and it says which pool`, isTold, `${status} ${body.replaceAll('\n', ' ')}`);
}

/** What the pages showed since a second at which the storage was stalled. */
export function checkStall({ lab, prober, timeline, ages }: Subject, step: string, from: number): void {
  const after = (what: string, appeared: boolean) => {
    const at = timeline.when(what, appeared, from);
    return at === undefined ? undefined : at - from;
  };
  const late = lab.yardstick.lateSeconds();
  const within = (name: string, limit: number, seconds: number | undefined) =>
    lab.check(`${step}: ${name}`, seconds !== undefined && seconds <= limit + late, describe(seconds));
  within(`${sick} is not up`, stuckSeconds, after(`pool ${sick}: up 0`, true));
  within('status-stuck', stuckSeconds, after(stuckFinding, true));
  if (from > 0) within('its numbers are withdrawn', ageSeconds, after(usedOf(sick), false));
  const shown = timeline.events.some(
    ({ at, appeared, what }) =>
      at > from && appeared && (what === usedOf(sick) || what === `pool ${sick}: up 1`),
  );
  const unsure = timeline.events.some(({ what }) => what === `finding critical status-unknown ${sick}`);
  lab.check(`${step}: no status-unknown beside it`, !unsure);
  const gone = timeline.events.some(
    ({ at, appeared, what }) => at > from && !appeared && (what === stuckFinding || what === usedOf(well)),
  );
  lab.check(`${step}: and so it stays`, !shown && !gone);
  checkFreshness({ lab, prober, ages }, step, from);
}

/** Every scrape since a second, and how current it was about the healthy pool. */
export function checkFreshness(
  { lab, prober, ages }: Pick<Subject, 'lab' | 'prober' | 'ages'>,
  step: string,
  from: number,
  limit = freshSeconds,
): void {
  const own = prober.probes.filter(({ at }) => at >= from);
  lab.check(
    `${step}: every scrape answered`,
    own.every(({ status }) => status === 200),
    summarizeProbes(own),
  );
  const later = ages.filter(([at]) => at >= Math.max(from, poolSeconds)).map(([, age]) => age);
  const oldest = Math.max(...later.map((age) => age ?? Number.POSITIVE_INFINITY));
  const allowed = limit + lab.yardstick.lateSeconds();
  const detail = `at most ${oldest.toFixed(1)} of ${allowed.toFixed(1)} s`;
  lab.check(`${step}: ${well} is never old`, oldest <= allowed, detail);
}

/** At most one command of each query that touches the stalled pool is alive, and it was the last to be started. */
export function checkChildren({ lab, children }: Subject, step: string, from: number): void {
  const stuck = children.alive().filter((child) => children.seconds() - child.from > 10);
  const again = children.children.filter((child) =>
    stuck.some(({ command, from: since }) => command === child.command && child.from > since),
  );
  const about = stuck.every(({ command }) => command.includes('sick') || isLvm({ command }));
  const isOne = stuck.some(({ command }) => command.includes(`${sick}-tpool`));
  lab.check(`${step}: one command hangs for each query`, isOne && about && again.length === 0, list(stuck));
  const { twins } = children;
  lab.check(`${step}: no command was started twice`, twins.length === 0, twins[0]);
  const flushing = children.children.filter(
    ({ command, from: at }) =>
      at >= from && /^dmsetup (?:status|ls)/.test(command) && !command.includes('--noflush'),
  );
  lab.check(`${step}: no status flushes`, flushing.length === 0, list(flushing));
}

/** LVM is queried about the healthy VG only, by its own devices. */
export function checkLvm({ lab, children, timeline }: Subject, from: number): void {
  const own = children.children.filter((child) => isLvm(child) && child.from > from);
  const isFiltered = ({ command }: Child) => command.includes('ubdb') && !command.includes('ubda');
  const wrong = own.filter((child) => !isFiltered(child) || child.to - child.from > 5);
  lab.check('stalled: LVM goes on, past the stalled pool', own.length > 0 && wrong.length === 0, list(own));
  const held = timeline.when('collector docker: blocked', true, from);
  lab.check('stalled: docker info is blocked', held !== undefined, describe(held && held - from));
}

/** `check` runs at the same time. */
export async function checkCheck(lab: Lab): Promise<void> {
  const { stdout, exitCode, ms } = await runCheck(lab, { timeoutMs: 60_000 });
  lab.write('check.json', stdout);
  lab.check(
    'stalled: check ends, critical',
    exitCode === 2 && ms < 15_000,
    `exit ${exitCode} after ${ms} ms`,
  );
  lab.check('stalled: check names status-stuck', stdout.includes('status-stuck'));
}

export function hasFinding(samples: readonly Sample[]): boolean {
  return findValue(samples, 'thinpool_finding', { code: 'status-stuck', pool: sick }) === 1;
}

export function isLvm({ command }: Pick<Child, 'command'>): boolean {
  return /^(?:lvs|vgs|pvs) /.test(command);
}

export function describe(seconds: number | undefined): string {
  return seconds === undefined ? 'never' : `after ${seconds.toFixed(1)} s`;
}

export function list(children: readonly Child[]): string | undefined {
  const commands = children.map(({ pid, state, command }) => `${pid} ${state} ${command}`);
  return commands.length === 0 ? undefined : commands.join('; ');
}
