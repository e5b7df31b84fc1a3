import { type ScheduledTask, schedule as scheduleCron } from 'node-cron';
import type { Logger } from '../log.ts';
import { type Drift, driftMs, watchClock } from './clock-watch.ts';

/** What one query discovers is queried in the next beat: four levels on a host with LVM and Docker. */
const startupEveryMs = 100;
const startupMs = 2000;
/** A beat takes long on a host with thousands of volumes: beats may use at most a fifth of the time. */
const restRatio = 4;

/**
 * Calls `tick` once a second, more often in the first two seconds, even if the clock is changed. Logs clock changes and
 * stalls of the process or the machine. Returns the function that stops it.
 */
export function startHeartbeat(tick: () => void, log: Pick<Logger, 'warn' | 'error'>): () => void {
  // node-cron uses local time: in the repeated hour of autumn it would not beat at all, or continuously if started then.
  // Nothing in the program displays local time.
  process.env['TZ'] = 'UTC';
  const startupEndsAt = performance.now() + startupMs;
  let timer: NodeJS.Timeout;
  const tickAtStartup = (): void => {
    const startedAt = performance.now();
    tick();
    const now = performance.now();
    if (now < startupEndsAt)
      timer = setTimeout(tickAtStartup, Math.max(startupEveryMs, restRatio * (now - startedAt)));
  };
  tickAtStartup();
  let task = eachSecond(tick, log);
  const stopWatch = watchClock((drift) => {
    void task.destroy();
    task = eachSecond(tick, log);
    logDrift(drift, log);
  });
  return () => {
    stopWatch();
    clearTimeout(timer);
    void task.destroy();
  };
}

function eachSecond(tick: () => void, log: Pick<Logger, 'error'>): ScheduledTask {
  return scheduleCron('* * * * * *', tick, {
    name: 'heartbeat',
    logger: {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (message, err) => log.error({ err: err ?? message }, 'Poll failed'),
    },
  });
}

function logDrift({ lateMs, setMs }: Drift, log: Pick<Logger, 'warn'>): void {
  if (lateMs >= driftMs) log.warn({ lateMs: Math.round(lateMs) }, 'Stalled (event loop or machine)');
  if (Math.abs(setMs) >= driftMs)
    log.warn(
      { setMs: Math.round(setMs) },
      'System clock changed or machine was suspended; the age of earlier output is unknown',
    );
}

/** Half of all events are detected within a tenth of a second; each check takes microseconds. */
const pollEveryMs = 200;

/** Calls `poll` five times a second. Returns the function that stops it. */
export function startEventPolling(poll: () => void): () => void {
  const timer = setInterval(poll, pollEveryMs);
  return () => clearInterval(timer);
}
