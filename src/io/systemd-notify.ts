import { runCommand } from './command.ts';
import type { ReadResult } from './read.ts';

/** Notifications to systemd (sd_notify(3)). Without systemd they do nothing. */
export interface ServiceManager {
  /** Reports readiness, then sends keep-alives twice per watchdog interval. */
  readonly ready: () => void;
  readonly stopping: () => void;
}

export interface ServiceManagerInput {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: { readonly warn: (fields: object, message: string) => void };
  /** Sends one message; `parameters` are the arguments of systemd-notify. */
  readonly send?: (parameters: readonly string[]) => Promise<ReadResult>;
}

/** A message takes milliseconds, seconds on an overloaded host; killing it too soon would cause a restart. */
const timeoutMs = 20_000;
const maxBytes = 1 << 16;

/**
 * Node has no Unix datagram sockets, so each message is sent by a child: systemd-notify, which comes with systemd.
 * Keep-alives are sent from a timer of the event loop, so a stalled loop sends none.
 */
export function openServiceManager(input: ServiceManagerInput): ServiceManager {
  const { environment, log } = input;
  const socket = environment['NOTIFY_SOCKET'];
  if (socket === undefined || socket === '') return { ready: () => {}, stopping: () => {} };
  const send = input.send ?? sendBy({ NOTIFY_SOCKET: socket, PATH: environment['PATH'] ?? '/usr/bin:/bin' });
  let hasWarned = false;
  let timer: NodeJS.Timeout | undefined;
  let sending = false;
  const notify = async (parameters: readonly string[]): Promise<void> => {
    const why = failureOf(await send(parameters));
    if (why === undefined || hasWarned) return;
    hasWarned = true;
    log.warn({ why }, 'Notifying systemd failed; its watchdog may restart the exporter');
  };
  const pingWatchdog = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    await notify(['WATCHDOG=1']);
    sending = false;
  };
  return {
    ready: () => {
      void notify(['--ready']);
      const everyMs = watchdogMs(environment) / 2;
      if (everyMs > 0) timer = setInterval(() => void pingWatchdog(), everyMs);
    },
    stopping: () => {
      clearInterval(timer);
      void notify(['STOPPING=1']);
    },
  };
}

/** The watchdog interval in ms; 0 without a watchdog for this process (sd_watchdog_enabled(3)). */
function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: ServiceManagerInput['environment']): number {
  const isOurs = WATCHDOG_PID === undefined || WATCHDOG_PID === String(process.pid);
  const microseconds = Number(WATCHDOG_USEC);
  return isOurs && Number.isSafeInteger(microseconds) && microseconds > 0 ? microseconds / 1000 : 0;
}

/**
 * systemd must attribute the message to this process, because it ignores other children. Since systemd 246 that requires
 * --no-block; older versions have neither that option nor an alternative.
 */
function sendBy(env: Readonly<Record<string, string>>) {
  let options = ['--no-block'];
  const run = (parameters: readonly string[]) =>
    runCommand(['systemd-notify', ...options, ...parameters], { timeoutMs, maxBytes, env }).result;
  return async (parameters: readonly string[]): Promise<ReadResult> => {
    const result = await run(parameters);
    if (!result.ok || !/unrecognized option/.test(result.output.stderr)) return result;
    options = [];
    return run(parameters);
  };
}

function failureOf(result: ReadResult): string | undefined {
  if (!result.ok) return result.detail;
  const { exitCode, stderr } = result.output;
  return exitCode === 0 ? undefined : `systemd-notify failed with exit status ${exitCode}: ${stderr.trim()}`;
}
