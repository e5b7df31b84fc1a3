import { type ScheduledTask, schedule as scheduleCron } from 'node-cron';
import type { Logger } from '../log.ts';
import { type Drift, driftMs, watchClock } from './clock-watch.ts';

/** What one reading finds is asked about at the next beat, four deep on a host with LVM and Docker. */
const hurryEveryMs = 100;
const hurryMs = 2000;
/** A beat of a host with thousands of volumes takes a while: a fifth of the time at most goes to them. */
const restPerWork = 4;

/**
 * Calls `beat` once a second, and in the first two seconds more often, whatever becomes of the clock. In `log` it is told
 * when that was set, and when seconds went by without a beat: this process, or all of the machine, stood still. Returns
 * the function that ends it.
 */
export function startHeartbeat(beat: () => void, log: Pick<Logger, 'warn' | 'error'>): () => void {
  // node-cron reckons in local time: in the hour that comes twice in autumn it would not beat at all, or without a pause
  // if it is started then. Nothing here shows local time to anybody.
  process.env['TZ'] = 'UTC';
  const calmAt = performance.now() + hurryMs;
  let timer: NodeJS.Timeout;
  const hurry = (): void => {
    const startedAt = performance.now();
    beat();
    const now = performance.now();
    if (now < calmAt) timer = setTimeout(hurry, Math.max(hurryEveryMs, restPerWork * (now - startedAt)));
  };
  hurry();
  let task = eachSecond(beat, log);
  const stopWatch = watchClock((drift) => {
    void task.destroy();
    task = eachSecond(beat, log);
    tellOf(drift, log);
  });
  return () => {
    stopWatch();
    clearTimeout(timer);
    void task.destroy();
  };
}

function eachSecond(beat: () => void, log: Pick<Logger, 'error'>): ScheduledTask {
  return scheduleCron('* * * * * *', beat, {
    name: 'heartbeat',
    logger: {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (message, err) => log.error({ err: err ?? message }, 'Poll failed'),
    },
  });
}

function tellOf({ lateMs, setMs }: Drift, log: Pick<Logger, 'warn'>): void {
  if (lateMs >= driftMs) log.warn({ lateMs: Math.round(lateMs) }, 'Stalled (event loop or machine)');
  if (Math.abs(setMs) >= driftMs)
    log.warn(
      { setMs: Math.round(setMs) },
      'System clock changed or machine was suspended; the age of earlier output is unknown',
    );
}

/** Often enough that half of all events are known within a tenth of a second; each look takes microseconds. */
const looksEveryMs = 200;

/** Calls `listen` five times a second. Returns the function that ends it. */
export function startListening(listen: () => void): () => void {
  const timer = setInterval(listen, looksEveryMs);
  return () => clearInterval(timer);
}
