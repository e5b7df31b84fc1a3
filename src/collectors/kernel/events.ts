import type { DeviceNumber, HungTaskReport, KernelEvent } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { secondMs } from '../../model/units.ts';
import { continueHungTask, endsStack, placeOfHungTask, startHungTask } from './hung-task.ts';
import type { KernelLogText } from './log.ts';
import {
  hungTask,
  hungTaskAny,
  type KernelMessage,
  otherStorage,
  parseKernelMessage,
  recordsLost,
} from './message.ts';

/** Which pool a device, by its number or its kernel name, was at that time, or was a volume of. */
export type OwnerOf = (device: string, at: number) => DeviceNumber | undefined;

/** khungtaskd prints a stack at once, but its records may be split across two outputs. */
const stackMs = 5 * secondMs;

/** Maximum number of kinds times devices, far more than a host with failing storage has. The least important and oldest are dropped. */
const eventsMax = 1000;

/**
 * How far the clock of the records (kernel local_clock) may be from CLOCK_MONOTONIC, which NTP steers, as a share of the
 * uptime. Seen: 30 ppm, which is more than six minutes in 150 days.
 */
const driftShare = 50e-6;
/** A smaller drift changes no finding. */
const driftLeastMs = 5 * secondMs;

/**
 * Adds the records of a kernel log output to the previous counts. Times are `takenAt` (Unix ms) minus the age of the
 * record. The two clocks give that age with an error, but a record that is new since the previous query is no older than
 * that query. Without a clock the newest record counts as being as new as the output.
 */
export function countKernelEvents(
  log: KernelLogText,
  takenAt: number,
  before: readonly KernelEvent[],
  ownerOf: OwnerOf,
): KernelEvent[] {
  const tally = startTally(before, ownerOf);
  const nowUs = log.nowUs ?? log.records.reduce((latest, { us }) => Math.max(latest, us), 0);
  const oldestMs = log.sinceUs === undefined ? Number.POSITIVE_INFINITY : toMs(nowUs - log.sinceUs);
  const driftMs = toMs(nowUs * driftShare);
  const isSure = log.nowUs === undefined || log.sinceUs !== undefined || driftMs < driftLeastMs;
  for (const { us, message } of log.records) {
    const at = takenAt - Math.min(toMs(nowUs - us), oldestMs);
    takeMessage(tally, message, isSure ? { lastAt: at } : { lastAt: at, driftMs });
  }
  if (log.lost > 0) add(tally, { kind: recordsLost }, { lastAt: takenAt }, log.lost);
  return eventsOf(tally);
}

/** No record is newer than the output that contains it. */
function toMs(us: number): number {
  return Math.max(0, Math.round(us / 1000));
}

/** Counts by kind and device, and the report of a hung task that the log is inside of. */
interface Tally {
  readonly counts: Map<string, KernelEvent>;
  readonly ownerOf: OwnerOf;
  report?: HungTaskReport | undefined;
}

type What = KernelMessage & Pick<KernelEvent, 'pool'>;
type When = Pick<KernelEvent, 'lastAt' | 'driftMs'>;

function startTally(before: readonly KernelEvent[], ownerOf: OwnerOf): Tally {
  const tally: Tally = { counts: new Map(), ownerOf };
  for (const event of before) {
    if (event.report !== undefined) tally.report = event.report;
    add(tally, event, event, event.count);
  }
  return tally;
}

function takeMessage(tally: Tally, message: string, when: When): void {
  const report = startHungTask(message, when.lastAt);
  if (report !== undefined) {
    add(tally, { kind: hungTaskAny }, when);
    settle(tally, undefined, report, when);
  } else if (!takeReportLine(tally, message, when)) {
    const found = parseKernelMessage(message);
    if (found !== undefined) add(tally, found, when);
  }
}

/** False if the line is not part of the report of a hung task: other messages may appear between its lines. */
function takeReportLine(tally: Tally, message: string, when: When): boolean {
  const before = tally.report;
  if (before === undefined) return false;
  const isOver = endsStack(message) || when.lastAt - before.startedAt > stackMs;
  if (isOver) tally.report = undefined;
  const more = isOver ? undefined : continueHungTask(before, message);
  if (more === undefined) return false;
  settle(tally, before, more, { ...when, lastAt: before.startedAt });
  return true;
}

/** Counts the task where it now seems to hang, and no longer where it seemed to before. */
function settle(tally: Tally, before: HungTaskReport | undefined, report: HungTaskReport, when: When): void {
  const was = before && placeOfHungTask(before);
  const is = placeOfHungTask(report);
  tally.report = report;
  if (JSON.stringify(was) === JSON.stringify(is)) return;
  if (was !== undefined) add(tally, { kind: hungTask, ...was }, when, -1);
  if (is !== undefined) add(tally, { kind: hungTask, ...is }, when);
}

function add(tally: Tally, what: What, when: When, count = 1): void {
  const event = attribute(what, when.lastAt + (when.driftMs ?? 0), tally.ownerOf);
  const key = [event.kind, event.device, event.kernelName, event.among, event.pool].join(' ');
  const before = tally.counts.get(key);
  const { lastAt, driftMs } = before !== undefined && before.lastAt > when.lastAt ? before : when;
  const sum = count + (before?.count ?? 0);
  if (sum > 0) tally.counts.set(key, { ...event, count: sum, ...omitUndefined({ lastAt, driftMs }) });
  else tally.counts.delete(key);
}

/** Assigned as soon as the pool is known: the count then stays with it after the device is gone. */
function attribute({ kind, device, kernelName, among, pool }: What, at: number, ownerOf: OwnerOf): What {
  const named = device ?? kernelName;
  const owner = pool ?? (named === undefined ? undefined : ownerOf(named, at));
  return omitUndefined({ kind, device, kernelName, among, pool: owner });
}

function eventsOf({ counts, report }: Tally): KernelEvent[] {
  const events = [...counts.values()].map((event) =>
    event.kind === hungTaskAny && report !== undefined ? { ...event, report } : event,
  );
  if (events.length <= eventsMax) return events;
  return events
    .sort((one, other) => weightOf(one) - weightOf(other) || other.lastAt - one.lastAt)
    .slice(0, eventsMax);
}

function weightOf({ kind }: KernelEvent): number {
  return kind === otherStorage ? 1 : 0;
}
