import { isIPv4 } from 'node:net';
import type { Collector } from '../collectors/collector.ts';
import type { Config } from '../config/options.ts';
import type { Read } from '../io/read.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import type { Limits } from '../rules/limits.ts';
import type { Carried } from './carried.ts';
import { Slots } from './concurrency.ts';
import { EventWatch, type EventWatchOptions } from './kernel-event-watch.ts';
import { Monitor, type MonitorOptions, type MonitorSettings } from './monitor.ts';
import type { PollerLog } from './poller.ts';

/** Maximum number of concurrent children, not counting those past their deadline. */
const maxChildren = 8;

export interface MonitorInput {
  readonly config: Config;
  readonly collectors: readonly Collector[];
  readonly read: Read;
  readonly log: PollerLog;
  readonly now: () => number;
  readonly changed?: () => void;
  readonly carried?: Carried;
  /** The kernel log for pool events; absent if events do not trigger polls. */
  readonly kernelLog?: EventWatchOptions['kernelLog'];
  readonly exclusive?: MonitorOptions['exclusive'];
  readonly notify?: MonitorOptions['notify'];
  /** Addresses of those that have scraped lately, and of receivers of notifications. */
  readonly scrapers?: () => readonly string[];
}

/** The limits that the operator has set. */
export function limitsOf(config: Config): Limits {
  const critical = config.critical ?? config.nearlyFullCritical;
  return {
    warningRatio: (config.warning ?? config.nearlyFullWarning) / 100,
    ...(critical !== undefined && { criticalRatio: critical / 100 }),
    lvmRefusal: config.lvmRefusalSeverity,
    runsOutMs: config.runsOutWithinMs,
  };
}

/** The part of the monitor's options that can be changed while it runs. */
export function settingsOf(config: Config, collectors: readonly Collector[]): MonitorSettings {
  return {
    collectors: collectors.flatMap((collector) => {
      const settings = config.collectors[collector.name];
      return settings === undefined ? [] : [{ collector, mode: settings.mode, settings }];
    }),
    queryOptions: {
      segMonitor: config.segMonitor,
      lvmScope: config.lvmScope,
      dockerTransport: config.dockerTransport,
    },
    assemble: { maxVolumes: config.maxVolumes, minimumFree: config.minimumFree ?? [] },
    pools: omitUndefined({ include: config.poolsInclude, exclude: config.poolsExclude }),
    missingRetentionMs: config.missingRetentionMs,
    limits: limitsOf(config),
    runbookUrl: config.runbookUrl,
    findingOptions: config.findings ?? [],
  };
}

/** Creates a monitor from the options. */
export function createMonitor({
  config,
  collectors,
  read,
  log,
  now,
  changed,
  kernelLog,
  carried,
  exclusive,
  notify,
  scrapers,
}: MonitorInput): Monitor {
  const sentTo = (config.alertmanagers ?? []).map(({ hostname }) => hostname).filter((name) => isIPv4(name));
  return new Monitor({
    ...settingsOf(config, collectors),
    read,
    slots: new Slots(maxChildren, () => new Promise((resolve) => setImmediate(resolve))),
    now,
    log,
    maxFastPolled: config.maxFastPolled,
    ...(kernelLog === undefined ? {} : { events: new EventWatch({ kernelLog, log }) }),
    keepOutputs: config.exposeRawOutput,
    ...(changed && { changed }),
    ...(carried && { carried }),
    ...(exclusive && { exclusive }),
    ...(notify && { notify }),
    ...(scrapers && { pagerAddresses: () => [...sentTo, ...scrapers()] }),
  });
}
