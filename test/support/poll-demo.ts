import type { Simulator } from '../../demo/simulator.ts';
import { Slots } from '../../src/collect/concurrency.ts';
import { Monitor } from '../../src/collect/monitor.ts';
import { collectors } from '../../src/collectors/index.ts';
import { openHost } from '../../src/io/host-reader.ts';
import type { Snapshot } from '../../src/model/host.ts';

/** Those that read this machine's own kernel, whose state is none of the story's. */
export const ofThisMachine = ['kernel', 'kmsg', 'dmeventd'];

/** What the exporter makes of a simulated host at a moment of the story: real collectors, real processes. */
export async function pollDemo(
  simulator: Simulator,
  second: number,
  off: readonly string[] = ofThisMachine,
): Promise<Snapshot> {
  simulator.show(second);
  const host = openHost({ PATH: simulator.tools });
  const monitor = new Monitor({
    // As in the demo: the processes of this host are not simulated.
    collectors: collectors
      .filter(({ name }) => name !== 'pagers')
      .map((collector) => ({
        collector,
        mode: off.includes(collector.name) ? 'off' : 'on',
        settings: { intervalMs: 60_000, timeoutMs: 20_000 },
      })),
    queryOptions: { segMonitor: 'on' },
    read: host.read,
    slots: new Slots(4),
    now: Date.now,
    log: { warn: () => {}, info: () => {} },
    assemble: { maxVolumes: 2000, minimumFree: [] },
    keepOutputs: false,
    missingRetentionMs: 3_600_000,
  });
  const seen = await monitor.collectOnce();
  host.close();
  return seen;
}
