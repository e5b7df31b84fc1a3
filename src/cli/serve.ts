import { hostname } from 'node:os';
import { basename, resolve } from 'node:path';
import { createNotifier } from '../alerting/push/create.ts';
import type { AlertmanagerNotifier } from '../alerting/push/notifier.ts';
import { createMonitor, limitsOf, settingsOf } from '../collect/create-monitor.ts';
import { startEventPolling, startHeartbeat } from '../collect/heartbeat.ts';
import type { Monitor } from '../collect/monitor.ts';
import { paceSnapshots } from '../collect/pace-snapshots.ts';
import { collectors } from '../collectors/index.ts';
import type { Config } from '../config/options.ts';
import { embeddedRunbooks } from '../embedded.ts';
import { Measurer } from '../measure/measurer.ts';
import { createExposition } from '../metrics/exposition.ts';
import type { Host } from '../model/host.ts';
import type { NotifyState } from '../model/notify-state.ts';
import { omitUndefined } from '../model/omit-undefined.ts';
import { FindingLog } from '../notify/finding-log.ts';
import { type Notify, openNotify } from '../notify/send/create.ts';
import { readiness } from '../rules/readiness.ts';
import { type Access, openAccess, unguarded } from '../web/access/access.ts';
import { createApp } from '../web/app.ts';
import type { Deps } from '../web/deps.ts';
import { oncePerSnapshot } from '../web/once-per-snapshot.ts';
import { type ScraperWatch, watchScrapers } from '../web/scrapers.ts';
import type { Binding } from '../web/server/listen.ts';
import { inheritedSockets } from '../web/server/listen.ts';
import { startServer } from '../web/server/server.ts';
import { createReports } from './collector-reports.ts';
import type { Context, Run } from './context.ts';
import { openEventLog } from './event-log.ts';
import { metricSetOf } from './metric-set.ts';
import { endOfLifeOf } from './node-lines.ts';
import { type Options, openOptions } from './reload.ts';
import { reportHost, reportUnmatched } from './report-host.ts';

/** Polls the host on a schedule and serves HTTP, until SIGTERM or SIGINT. */
export const serve: Run = async (context) => {
  const { config, log, read, now, version, serviceManager } = context;
  const access = await openWebAccess(context);
  if (!('guard' in access)) {
    for (const problem of access) log.error({ problem }, 'Web configuration invalid');
    return 2;
  }
  const notify = await openNotify({ ...context, latest: () => monitor.latest() });
  if (!('start' in notify)) {
    for (const problem of notify) log.error({ problem }, 'Notification settings invalid');
    access.close();
    return 2;
  }
  const kernelLog = openEventLog(context);
  const isNotifying = config.notifyConfigFile !== undefined || config.notifyHeartbeat !== undefined;
  const notifyState = isNotifying ? notify.state : undefined;
  const changed = () => notifier?.wake();
  const measurer = openMeasurer(context, () => monitor.latest().host);
  const scrapers = watchScrapers(now);
  const monitor = createMonitor({
    config,
    collectors,
    read,
    log,
    now,
    changed,
    scrapers: () => [...scrapers.addresses(), ...notify.addresses()],
    ...omitUndefined({ kernelLog, exclusive: measurer && (() => measurer.state()), notify: notifyState }),
  });
  const notifier = createNotifier(config, { latest: () => monitor.current(), now, log });
  const findingLog = context.logsFindings === false ? undefined : new FindingLog(log);
  const stopHeartbeat = startHeartbeat(() => {
    monitor.tick();
    measurer?.tick();
    findingLog?.update(monitor.latest());
  }, log);
  notify.start();
  const stopEventPolling = kernelLog === undefined ? () => {} : startEventPolling(() => monitor.pollEvents());
  const options = openOptions(context, (changed) => {
    monitor.reconfigure(settingsOf(changed, collectors));
    reportUnmatched(monitor.current().host, log, changed);
  });
  // A service manager that reads that it listens may end it at once.
  const stopped = new Promise<void>((resolve) => {
    context.onStop(() => resolve());
    handleHangUps({ access, options, notify }, context, resolve);
  });
  const app = createApp(depsOf({ monitor, access, notifier, options, notifyState, scrapers }, context));
  const server = await startServer({ app, addresses: bindings(context), tls: access.tls(), log });
  access.onTls(server.useTls);
  const tls = access.tls() !== undefined;
  for (const address of server.addresses)
    log.info({ address, path: config.telemetryPath, tls, version }, 'Listening');
  warnOfOldNode(context);
  serviceManager.ready();
  const reportTimer = setTimeout(
    () => reportHost(monitor.current().host, log, options.config()),
    reportAfterMs,
  );
  await stopped;
  // Ctrl-C reaches the commands as well: that they fail means nothing.
  monitor.stop();
  serviceManager.stopping();
  await measurer?.stop();
  clearTimeout(reportTimer);
  notifier?.close();
  await notify.close();
  stopHeartbeat();
  stopEventPolling();
  kernelLog?.close();
  access.close();
  await server.close();
  log.info({}, 'Stopped');
  return 0;
};

/** Undefined for a captured or simulated host. */
function openMeasurer(
  { config, log, now, read, openState }: Context,
  host: () => Host,
): Measurer | undefined {
  if (openState === undefined) return undefined;
  const { exclusiveAt: at, exclusiveState } = config;
  const measurer = new Measurer({
    read,
    log,
    now,
    host,
    file: openState(exclusiveState),
    ...omitUndefined({ at }),
  });
  void measurer.open();
  return measurer;
}

function warnOfOldNode({ log, now, nodeVersion }: Context): void {
  const since = nodeVersion === undefined ? undefined : endOfLifeOf(nodeVersion, now());
  if (since !== undefined)
    log.warn(
      { node: nodeVersion, since },
      'This Node.js gets no more security fixes; run a newer one, or a package, which contains its own',
    );
}

async function openWebAccess({ config, log, now }: Context): Promise<Access | readonly string[]> {
  const path = config.webConfigFile;
  return path === undefined ? unguarded(now) : openAccess({ path, log, now });
}

function bindings({ config, environment }: Context): readonly Binding[] {
  return config.systemdSocket ? inheritedSockets(environment, process.pid) : config.listen;
}

/** SIGHUP makes a daemon reload its files; on a terminal it means that the terminal was closed. */
function handleHangUps(
  { access, options, notify }: Pick<Parts, 'access' | 'options'> & { readonly notify: Notify },
  { config, log, onHangUp }: Context,
  stop: () => void,
): void {
  const { configFile, webConfigFile, notifyConfigFile } = config;
  const isWithoutFiles = [configFile, webConfigFile, notifyConfigFile].every((file) => file === undefined);
  onHangUp(() => {
    if (isWithoutFiles && process.stderr.isTTY === true) stop();
    if (isWithoutFiles)
      log.info(
        {},
        'Nothing to reload; none of --config.file, --web.config.file and --notify.config.file is set',
      );
    if (configFile !== undefined) options.reload();
    if (webConfigFile !== undefined) void access.reload();
    if (notifyConfigFile !== undefined) void notify.reload();
  });
}

/** By then the harmless queries have finished on any host that responds. */
const reportAfterMs = 5000;

interface Parts {
  readonly monitor: Monitor;
  readonly access: Access;
  readonly notifier: AlertmanagerNotifier | undefined;
  readonly options: Options;
  readonly notifyState: (() => NotifyState) | undefined;
  readonly scrapers: ScraperWatch;
}

function depsOf(
  { monitor, access, notifier, options, notifyState, scrapers }: Parts,
  { config, version, log, now }: Context,
): Deps {
  const notifierState = notifier && (() => notifier.state());
  const latest = paceSnapshots(monitor);
  return {
    version,
    hostName: nameOfHost(config),
    telemetryPath: config.telemetryPath,
    showRaw: config.exposeRawOutput,
    now,
    log,
    guard: access.guard,
    limits: () => limitsOf(options.config()),
    latest,
    scrapers,
    readiness: oncePerSnapshot(latest, ({ host }) => readiness(host)),
    metrics: {
      render: createExposition(latest, version, now, {
        access: access.state,
        options: options.state,
        set: () => metricSetOf(options.config()),
        rest: () => new Promise((resolve) => setImmediate(resolve)),
        ...omitUndefined({ notifier: notifierState, notify: notifyState }),
      }),
    },
    runbooks: embeddedRunbooks,
    collector: createReports(monitor, latest),
  };
}

/** A captured host is not the one that shows it. */
function nameOfHost({ replay, hostName }: Config): string {
  if (hostName !== undefined) return hostName;
  return replay === undefined ? hostname() : `replay of ${basename(resolve(replay))}`;
}
