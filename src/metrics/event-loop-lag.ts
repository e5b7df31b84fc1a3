import { Histogram, type Registry } from 'prom-client';

const everyMs = 500;

/**
 * How late the event loop is, in seconds: by how much a timer that is due twice a second comes too late. Node's own
 * measure (`monitorEventLoopDelay`) wakes the process a hundred times a second, and is emptied by whoever scrapes first.
 */
export function addEventLoopLag(registry: Registry): void {
  const lag = new Histogram({
    name: 'thinpool_exporter_event_loop_lag_seconds',
    help: 'By how much a timer of the exporter comes too late, looked at twice a second.',
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [registry],
  });
  let due = performance.now() + everyMs;
  const look = (): void => {
    const now = performance.now();
    lag.observe(Math.max(0, now - due) / 1000);
    due = now + everyMs;
  };
  setInterval(look, everyMs).unref();
}
