import type { DeviceNumber, KernelEvent } from '../../model/facts.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { secondMs } from '../../model/units.ts';
import { endsStack, isHungTaskReport, isStorageFrame } from './hung-task.ts';
import type { KernelLogText } from './log.ts';
import { hungTask, hungTaskAny, type KernelMessage, parseKernelMessage, recordsLost } from './message.ts';

/** The pool of each thin volume, by the kernel name of the volume. */
export type PoolsByKernelName = ReadonlyMap<string, DeviceNumber>;

/** khungtaskd prints a stack at once, but its records may be split across two outputs. */
const stackMs = 5 * secondMs;

/** Maximum number of kinds times devices, far more than a host with failing storage has. The least recent are dropped. */
const eventsMax = 1000;

/**
 * Adds the records of a kernel log output to the previous counts. Times are `takenAt` (Unix ms) minus the age of the record
 * by the kernel's clock; without that clock the newest record counts as being as new as the output.
 */
export function countKernelEvents(
  log: KernelLogText,
  takenAt: number,
  before: readonly KernelEvent[],
  pools: PoolsByKernelName,
): KernelEvent[] {
  const tally = startTally(before, pools);
  const nowUs = log.nowUs ?? log.records.reduce((latest, { us }) => Math.max(latest, us), 0);
  for (const { us, message } of log.records) {
    // A record may be newer than the start of the query, but no fact is older than it claims.
    takeMessage(tally, message, takenAt - Math.max(0, Math.round((nowUs - us) / 1000)));
  }
  if (log.lost > 0) add(tally, { kind: recordsLost }, takenAt, log.lost);
  return eventsOf(tally);
}

/** Counts by kind and device, and since when the log is inside the stack of a hung task. */
interface Tally {
  readonly counts: Map<string, KernelEvent>;
  readonly pools: PoolsByKernelName;
  hungAt?: number | undefined;
}

type What = KernelMessage & Pick<KernelEvent, 'pool'>;

function startTally(before: readonly KernelEvent[], pools: PoolsByKernelName): Tally {
  const tally: Tally = { counts: new Map(), pools };
  for (const event of before) {
    if (event.stackOpen === true) tally.hungAt = event.lastAt;
    add(tally, event, event.lastAt, event.count);
  }
  return tally;
}

function takeMessage(tally: Tally, message: string, at: number): void {
  if (isHungTaskReport(message)) {
    add(tally, { kind: hungTaskAny }, at);
    tally.hungAt = at;
  } else if (tally.hungAt !== undefined) takeStackLine(tally, message, at, tally.hungAt);
  const found = parseKernelMessage(message);
  if (found !== undefined) add(tally, found, at);
}

/** Other messages may appear between the lines of a stack. */
function takeStackLine(tally: Tally, message: string, at: number, hungAt: number): void {
  const isOver = endsStack(message) || at - hungAt > stackMs;
  const isStorage = !isOver && isStorageFrame(message);
  if (isStorage) add(tally, { kind: hungTask }, hungAt);
  if (isOver || isStorage) tally.hungAt = undefined;
}

function add(tally: Tally, what: What, at: number, count = 1): void {
  const event = attribute(what, tally.pools);
  const key = [event.kind, event.device, event.kernelName, event.pool].join(' ');
  const before = tally.counts.get(key);
  const lastAt = Math.max(at, before?.lastAt ?? at);
  tally.counts.set(key, { ...event, count: count + (before?.count ?? 0), lastAt });
}

/** Assigned as soon as the pool is known: the count then stays with it after the volume is gone. */
function attribute({ kind, device, kernelName, pool }: What, pools: PoolsByKernelName): What {
  const owner = pool ?? (kernelName === undefined ? undefined : pools.get(kernelName));
  return omitUndefined({ kind, device, kernelName, pool: owner });
}

function eventsOf({ counts, hungAt }: Tally): KernelEvent[] {
  const events = [...counts.values()].map((event) =>
    event.kind === hungTaskAny && hungAt !== undefined ? { ...event, stackOpen: true } : event,
  );
  if (events.length <= eventsMax) return events;
  return events.sort((one, other) => other.lastAt - one.lastAt).slice(0, eventsMax);
}
