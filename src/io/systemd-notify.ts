import { runCommand } from './command.ts';
import type { ReadResult } from './read.ts';

/** Words to systemd, where it started us and wants them (sd_notify(3)); elsewhere nothing happens. */
export interface ServiceManager {
  /** We answer. From then on it is told that we live, twice in the time after which it would start us anew. */
  readonly ready: () => void;
  readonly stopping: () => void;
}

export interface ServiceManagerInput {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: { readonly warn: (fields: object, message: string) => void };
  /** Sends one message; the words are arguments of systemd-notify. */
  readonly send?: (words: readonly string[]) => Promise<ReadResult>;
}

/** A word takes milliseconds, on a host that is busy to its limit seconds: a word ended too soon would cost a restart. */
const timeoutMs = 20_000;
const maxBytes = 1 << 16;

/**
 * Node has no datagram sockets of the local kind, so each word is a child's: systemd-notify comes with systemd. What a
 * watchdog waits for is sent by a timer of our own loop, which a wedged loop never gets to.
 */
export function openServiceManager(input: ServiceManagerInput): ServiceManager {
  const { environment, log } = input;
  const socket = environment['NOTIFY_SOCKET'];
  if (socket === undefined || socket === '') return { ready: () => {}, stopping: () => {} };
  const send = input.send ?? sendBy({ NOTIFY_SOCKET: socket, PATH: environment['PATH'] ?? '/usr/bin:/bin' });
  let complained = false;
  let timer: NodeJS.Timeout | undefined;
  let sending = false;
  const tell = async (words: readonly string[]): Promise<void> => {
    const why = whyNot(await send(words));
    if (why === undefined || complained) return;
    complained = true;
    log.warn({ why }, 'Notifying systemd failed; its watchdog may restart the exporter');
  };
  const live = async (): Promise<void> => {
    if (sending) return;
    sending = true;
    await tell(['WATCHDOG=1']);
    sending = false;
  };
  return {
    ready: () => {
      void tell(['--ready']);
      const everyMs = watchdogMs(environment) / 2;
      if (everyMs > 0) timer = setInterval(() => void live(), everyMs);
    },
    stopping: () => {
      clearInterval(timer);
      void tell(['STOPPING=1']);
    },
  };
}

/** Zero where nobody watches, or it is another process that is watched (sd_watchdog_enabled(3)). */
function watchdogMs({ WATCHDOG_USEC, WATCHDOG_PID }: ServiceManagerInput['environment']): number {
  const isOurs = WATCHDOG_PID === undefined || WATCHDOG_PID === String(process.pid);
  const microseconds = Number(WATCHDOG_USEC);
  return isOurs && Number.isSafeInteger(microseconds) && microseconds > 0 ? microseconds / 1000 : 0;
}

/**
 * The word has to pass for ours, as other children have no say. Since systemd 246 that takes --no-block; before, there
 * was no such option, and no other way either.
 */
function sendBy(env: Readonly<Record<string, string>>) {
  let options = ['--no-block'];
  const run = (words: readonly string[]) =>
    runCommand(['systemd-notify', ...options, ...words], { timeoutMs, maxBytes, env }).result;
  return async (words: readonly string[]): Promise<ReadResult> => {
    const result = await run(words);
    if (!result.ok || !/unrecognized option/.test(result.reading.stderr)) return result;
    options = [];
    return run(words);
  };
}

function whyNot(result: ReadResult): string | undefined {
  if (!result.ok) return result.detail;
  const { exitCode, stderr } = result.reading;
  return exitCode === 0 ? undefined : `systemd-notify failed with exit status ${exitCode}: ${stderr.trim()}`;
}
