import { join } from 'node:path';
import { Slots } from '../../src/collect/concurrency.ts';
import { Monitor } from '../../src/collect/monitor.ts';
import { collectors } from '../../src/collectors/index.ts';
import { replayHost } from '../../src/io/replay.ts';
import type { Snapshot } from '../../src/model/host.ts';

/** Every captured host was captured at this moment. */
export const capturedAt = Date.UTC(2026, 0, 1);

export const hostsDir = join(import.meta.dirname, '..', 'hosts');

/** What the exporter makes of a captured host. */
export async function replayCase(name: string): Promise<Snapshot> {
  const monitor = new Monitor({
    collectors: collectors.map((collector) => ({ collector, mode: 'auto', settings: collector.defaults })),
    queryOptions: { segMonitor: 'auto' },
    read: replayHost(join(hostsDir, name), () => capturedAt),
    slots: new Slots(8),
    now: () => capturedAt,
    log: { warn: () => {}, info: () => {} },
    assemble: { maxVolumes: 2000, minimumFree: [] },
    keepOutputs: false,
    missingRetentionMs: 3_600_000,
  });
  return monitor.collectOnce();
}
