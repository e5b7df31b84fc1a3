import { randomUUID } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { hostname } from 'node:os';
import { openPost } from '../../alerting/push/post.ts';
import type { Config } from '../../config/options.ts';
import { messageOf } from '../../format/error-message.ts';
import { removeLeftovers } from '../../io/replace-file.ts';
import { settled } from '../../io/settled.ts';
import type { StateFile } from '../../io/state-file.ts';
import type { Logger } from '../../log.ts';
import type { Snapshot } from '../../model/host.ts';
import type { NotifyState } from '../../model/notify-state.ts';
import { omitUndefined } from '../../model/omit-undefined.ts';
import { secondMs } from '../../model/units.ts';
import { findingCodes } from '../../rules/evaluate.ts';
import { describeEndpoint, serverOf } from '../file/endpoint.ts';
import { readSecretUrl } from '../file/files.ts';
import { loadNotifyConfig, type NotifyConfig } from '../file/load.ts';
import { heartbeatReasons } from '../heartbeat-reasons.ts';
import { openEndpoint } from './endpoint.ts';
import { Heartbeat } from './heartbeat.ts';
import { Notifier } from './notifier.ts';
import { deviceOf } from './queue-device.ts';

/** Notifications and the heartbeat of a running exporter. */
export interface Notify {
  readonly state: () => NotifyState;
  /** The IPv4 addresses of receivers, where the file has no name. */
  readonly addresses: () => readonly string[];
  /** Begins to send. */
  readonly start: () => void;
  /** Reads the file of receivers again. If it is invalid, logs why and keeps the present ones. */
  readonly reload: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface NotifyContext {
  readonly config: Config;
  readonly latest: () => Snapshot;
  readonly now: () => number;
  readonly log: Logger;
  readonly openState?: (path: string) => StateFile;
}

export interface NotifyDescription {
  readonly receivers: readonly { readonly name: string; readonly text: string }[];
  readonly hasHeartbeat: boolean;
  readonly problems: readonly string[];
}

/** What would keep notifications from starting. */
export async function checkNotify(config: Config): Promise<readonly string[]> {
  return (await read(config)).problems;
}

/** What the options and their files configure, in words without a secret, and what is wrong with it. */
export async function describeNotify(config: Config): Promise<NotifyDescription> {
  const { notify, url, problems } = await read(config);
  return {
    receivers: (notify?.receivers ?? []).map((one) => ({ name: one.name, text: describeEndpoint(one) })),
    hasHeartbeat: url !== undefined,
    problems,
  };
}

/** As the options say, or what is wrong with the files that they name. */
export async function openNotify(context: NotifyContext): Promise<Notify | readonly string[]> {
  const { config, latest, now, log, openState } = context;
  const { notify, url, problems } = await read(config);
  if (problems.length > 0) return problems;
  let receivers = notify?.receivers;
  let lastReloadWorked = true;
  let queueDevice: string | undefined;
  const file = openState?.(config.notifyState);
  const host = config.hostName ?? hostname();
  const notifier =
    notify &&
    new Notifier({
      latest,
      config: notify,
      host,
      open: (endpoint) => openEndpoint(endpoint, host),
      newId: randomUUID,
      now,
      log,
      ...omitUndefined({ file }),
    });
  const summary = () =>
    notifier && { ...notifier.state(), lastReloadWorked, ...omitUndefined({ queueDevice }) };
  let heartbeat: Heartbeat | undefined;

  function start(): void {
    if (url !== undefined)
      heartbeat = openHeartbeat(url, config, {
        reasons: () => heartbeatReasons(latest(), summary(), now()),
        now,
        log,
      });
    if (notifier === undefined) return;
    log.info({ receivers: notify?.receivers.map(({ name }) => name).join(' ') }, 'Sending notifications');
    // The disk may hang. Notifications do not wait for it.
    if (file !== undefined)
      void settled(removeLeftovers(config.notifyState), leftoversMs).finally(() => notifier.start());
    else void notifier.start();
    if (file !== undefined)
      void deviceOf(config.notifyState).then((device) => {
        queueDevice = device;
      });
  }

  async function reload(): Promise<void> {
    const path = config.notifyConfigFile;
    if (path === undefined || notifier === undefined) return;
    const loaded = await loadNotifyConfig(path, findingCodes);
    lastReloadWorked = loaded.config !== undefined;
    for (const problem of loaded.problems)
      log.error({ problem }, 'Receivers of notifications rejected; the previous ones stay in use');
    if (loaded.config === undefined) return;
    notifier.reconfigure(loaded.config);
    ({ receivers } = loaded.config);
    log.info({ file: path }, 'Receivers of notifications reloaded');
  }

  return {
    addresses: () => (receivers ?? []).flatMap((one) => serverOf(one) ?? []).filter((one) => isIPv4(one)),
    state: () => omitUndefined({ notifier: summary(), heartbeat: heartbeat?.state() }),
    start,
    reload,
    close: async () => {
      heartbeat?.close();
      await notifier?.close();
    },
  };
}

const leftoversMs = 5 * secondMs;
const heartbeatTimeoutMs = 10 * secondMs;

function openHeartbeat(
  url: URL,
  { notifyHeartbeatIntervalMs: intervalMs, notifyHeartbeatReportsFailure }: Config,
  context: Pick<ConstructorParameters<typeof Heartbeat>[0], 'reasons' | 'now' | 'log'>,
): Heartbeat {
  const usual = {
    deadlineMs: heartbeatTimeoutMs,
    hidesResponse: true,
    headers: { 'user-agent': 'thinpool-exporter' },
  };
  const failure = new URL(url);
  failure.pathname = `${url.pathname.replace(/\/+$/, '')}/fail`;
  return new Heartbeat({
    ...context,
    ping: openPost({ url, method: 'GET', ...usual }),
    ...(notifyHeartbeatReportsFailure && { fail: openPost({ url: failure, ...usual }) }),
    intervalMs,
  });
}

/** The files that the options name, and everything that is wrong with them. */
async function read(config: Config): Promise<{
  readonly notify?: NotifyConfig;
  readonly url?: URL;
  readonly problems: readonly string[];
}> {
  const { notifyConfigFile: path, notifyHeartbeat, replay } = config;
  const problems: string[] = [];
  const given = [
    ...(path === undefined ? [] : ['--notify.config.file']),
    ...(notifyHeartbeat === undefined ? [] : ['--notify.heartbeat.url-file']),
  ];
  if (replay !== undefined)
    problems.push(
      ...given.map(
        (flag) =>
          `${flag} cannot be combined with --replay, because a captured host must not inform anyone; remove one of the two`,
      ),
    );
  const loaded = path === undefined ? undefined : await loadNotifyConfig(path, findingCodes);
  problems.push(...(loaded?.problems ?? []));
  const url =
    notifyHeartbeat === undefined
      ? undefined
      : await readSecretUrl(notifyHeartbeat).catch((error: unknown) => {
          problems.push(`--notify.heartbeat.url-file: ${messageOf(error)}`);
          return undefined;
        });
  return { problems, ...omitUndefined({ notify: loaded?.config, url }) };
}
