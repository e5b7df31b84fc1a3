import type { Source } from '../collectors/collector.ts';
import type { Config } from '../config/options.ts';
import type { Read } from '../io/read.ts';
import { Slots } from './concurrency.ts';
import { EventWatch, type EventWatchOptions } from './kernel-event-watch.ts';
import { Monitor } from './monitor.ts';
import type { CollectorLog } from './poller.ts';

/** Maximum number of concurrent children, not counting those past their deadline. */
const childrenAtOnce = 8;

export interface OpenInput {
  readonly config: Config;
  readonly sources: readonly Source[];
  readonly read: Read;
  readonly log: CollectorLog;
  readonly now: () => number;
  readonly changed?: () => void;
  /** The kernel log for pool events; absent if events do not trigger polls. */
  readonly kernelLog?: EventWatchOptions['kernelLog'];
}

/** Creates a monitor from the options. */
export function openMonitor({ config, sources, read, log, now, changed, kernelLog }: OpenInput): Monitor {
  return new Monitor({
    sources: sources.flatMap((source) => {
      const settings = config.collectors[source.name];
      return settings === undefined ? [] : [{ source, mode: settings.mode, settings }];
    }),
    choices: { segMonitor: config.segMonitor, dockerBy: config.dockerBy },
    read,
    slots: new Slots(childrenAtOnce, () => new Promise((resolve) => setImmediate(resolve))),
    now,
    log,
    assemble: { maxVolumes: config.maxVolumes, minimumFree: config.minimumFree ?? [] },
    maxCloseWatches: config.closeWatches,
    ...(kernelLog === undefined ? {} : { events: new EventWatch({ kernelLog, log }) }),
    forgetAfterMs: config.missingForgetAfterMs,
    keepReadings: config.rawReadings,
    ...(changed && { changed }),
  });
}
