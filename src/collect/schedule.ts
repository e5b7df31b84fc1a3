import { schedule as scheduleCron } from 'node-cron';

/** Calls `beat` once a second, and at once. Returns the function that ends it. */
export function startHeartbeat(beat: () => void): () => void {
  const task = scheduleCron('* * * * * *', beat, { name: 'heartbeat', noOverlap: true });
  beat();
  return () => {
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
