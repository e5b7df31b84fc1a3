import { schedule as scheduleCron } from 'node-cron';
import type { Logger } from '../log.ts';

/** What one reading finds is asked about at the next beat, four deep on a host with LVM and Docker. */
const hurryEveryMs = 100;
const hurryMs = 2000;
/** A beat of a host with thousands of volumes takes a while: a fifth of the time at most goes to them. */
const restPerWork = 4;

/**
 * Calls `beat` once a second, and in the first two seconds more often. A second without one is told in `log`: this
 * process, or all of the machine, stood still. Returns the function that ends it.
 */
export function startHeartbeat(beat: () => void, log: Pick<Logger, 'warn' | 'error'>): () => void {
  const calmAt = performance.now() + hurryMs;
  let timer: NodeJS.Timeout;
  const hurry = (): void => {
    const startedAt = performance.now();
    beat();
    const now = performance.now();
    if (now < calmAt) timer = setTimeout(hurry, Math.max(hurryEveryMs, restPerWork * (now - startedAt)));
  };
  hurry();
  const task = scheduleCron('* * * * * *', beat, {
    name: 'heartbeat',
    noOverlap: true,
    logger: {
      debug: () => {},
      info: () => {},
      warn: (message) => log.warn({}, message),
      error: (message, err) => log.error({ err: err ?? message }, 'a beat failed'),
    },
  });
  task.on('execution:missed', () =>
    log.warn({}, 'a second without a beat: it stood still, or the machine did'),
  );
  return () => {
    clearTimeout(timer);
    void task.destroy();
  };
}

/** Often enough that half of all events are known within a tenth of a second; each look takes microseconds. */
const looksEveryMs = 200;

/** Calls `listen` five times a second. Returns the function that ends it. */
export function startListening(listen: () => void): () => void {
  const timer = setInterval(listen, looksEveryMs);
  return () => clearInterval(timer);
}
