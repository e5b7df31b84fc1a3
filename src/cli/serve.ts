import { openDirectPage } from '../alerting/push/create.ts';
import type { DirectPage } from '../alerting/push/notifier.ts';
import { openMonitor } from '../collect/create-monitor.ts';
import { startHeartbeat, startListening } from '../collect/heartbeat.ts';
import type { Monitor } from '../collect/monitor.ts';
import { sources } from '../collectors/index.ts';
import { createPage, renderFacts } from '../metrics/exposition.ts';
import { known } from '../model/omit-undefined.ts';
import { readiness } from '../rules/readiness.ts';
import { type Access, openAccess, unguarded } from '../web/access/access.ts';
import { createApp } from '../web/app.ts';
import type { Deps, SourceReport } from '../web/deps.ts';
import type { Binding } from '../web/server/listen.ts';
import { inheritedSockets } from '../web/server/listen.ts';
import { startServer } from '../web/server/server.ts';
import type { Context, Run } from './context.ts';
import { openEventLog } from './event-log.ts';

/** Polls the host on a schedule and serves HTTP, until SIGTERM or SIGINT. */
export const serve: Run = async (context) => {
  const { config, log, read, now, version, serviceManager } = context;
  const access = await openGuard(context);
  if (!('gate' in access)) {
    for (const problem of access) log.error({ problem }, 'Web configuration invalid');
    return 2;
  }
  const kernelLog = openEventLog(context);
  const changed = () => direct?.wake();
  const monitor = openMonitor({ config, sources, read, log, now, changed, ...known({ kernelLog }) });
  const direct = openDirectPage(config, { latest: () => monitor.current(), now, log });
  const stopBeating = startHeartbeat(() => monitor.beat(), log);
  const stopListening = kernelLog === undefined ? () => {} : startListening(() => monitor.listen());
  const app = createApp(depsOf({ monitor, access, direct }, context));
  const server = await startServer({ app, addresses: bindings(context), tls: access.tls(), log });
  access.onTls(server.useTls);
  const tls = access.tls() !== undefined;
  for (const address of server.addresses)
    log.info({ address, path: config.telemetryPath, tls, version }, 'Listening');
  serviceManager.ready();
  const sayWhatIsThere = setTimeout(() => reportHost(monitor, context), firstLookMs);
  await new Promise<void>((resolve) => {
    context.onStop(resolve);
    listenToHangUps(access, context, resolve);
  });
  serviceManager.stopping();
  clearTimeout(sayWhatIsThere);
  direct?.close();
  stopBeating();
  stopListening();
  kernelLog?.close();
  access.close();
  await server.close();
  log.info({}, 'Stopped');
  return 0;
};

async function openGuard({ config, log, now }: Context): Promise<Access | readonly string[]> {
  const path = config.webConfigFile;
  return path === undefined ? unguarded(now) : openAccess({ path, log, now });
}

function bindings({ config, environment }: Context): readonly Binding[] {
  return config.systemdSocket ? inheritedSockets(environment, process.pid) : config.listen;
}

/** SIGHUP asks a daemon to reload its files; on a terminal it means that the terminal was closed. */
function listenToHangUps(access: Access, { config, log, onHangUp }: Context, stop: () => void): void {
  if (config.webConfigFile !== undefined) onHangUp(() => void access.reload());
  else if (process.stderr.isTTY === true) onHangUp(stop);
  else onHangUp(() => log.info({}, 'Nothing to reload; --web.config.file is not set'));
}

/** By then the harmless queries have finished on any host that responds. */
const firstLookMs = 5000;

function reportHost(monitor: Monitor, { log }: Context): void {
  const { host } = monitor.current();
  const naming = host.sources.filter(({ namesThings }) => namesThings);
  const why = naming
    .flatMap(({ questions }) => questions)
    .find(({ failure }) => failure !== undefined)?.failure;
  if (host.pools.length > 0) log.info({ pools: host.pools.length }, 'Monitoring thin pools');
  else if (host.discovered)
    log.warn({}, 'No thin pools on this host; `npm run demo` simulates a host with pools that fill up');
  else
    log.warn(
      { why },
      'Thin pools cannot be read; run `thinpool-exporter doctor` to find out why, or `npm run demo` for a simulated host',
    );
}

interface Parts {
  readonly monitor: Monitor;
  readonly access: Access;
  readonly direct: DirectPage | undefined;
}

function depsOf({ monitor, access, direct }: Parts, { config, version, log, now }: Context): Deps {
  const directState = direct && (() => direct.state());
  return {
    version,
    telemetryPath: config.telemetryPath,
    showRaw: config.rawReadings,
    now,
    log,
    gate: access.gate,
    latest: () => monitor.current(),
    readiness: () => readiness(monitor.current().host),
    metrics: { render: createPage(() => monitor.current(), version, access.state, directState) },
    source: (name) => reportSource(monitor, name),
  };
}

async function reportSource(monitor: Monitor, name: string): Promise<SourceReport | undefined> {
  const trace = monitor.trace(name);
  if (trace === undefined) return undefined;
  const readings = trace.asked.map(({ key, asked }) => ({ key, ...asked }));
  return {
    state: trace.state,
    readings,
    facts: trace.facts,
    metrics: await renderFacts(trace.alone, [], 'text'),
  };
}
