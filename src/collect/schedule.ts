import { schedule as scheduleCron } from 'node-cron';

/** Calls `beat` once a second, and at once. Returns the function that ends it. */
export function startHeartbeat(beat: () => void): () => void {
  const task = scheduleCron('* * * * * *', beat, { name: 'heartbeat', noOverlap: true });
  beat();
  return () => {
    void task.destroy();
  };
}
