import { reasonOf } from '../collectors/shared/errors.ts';
import { messageOf } from '../format/error-message.ts';
import { runCommand } from './command.ts';
import { commandEnvironment } from './command-environment.ts';
import { inTime } from './deadline.ts';
import { EngineApi } from './docker-socket.ts';
import { KernelLog, type KernelLogOptions, kernelLogDevice } from './kernel-log.ts';
import { readPaths } from './paths.ts';
import { readProcessStat } from './pid-file.ts';
import { failure, type PendingRead, type Read, type ReadResult } from './read.ts';

/** More than any tool prints; 10,000 thin volumes are 7 MB of `lvs` JSON. */
const maxBytes = 64 << 20;

/** Limits of one read for events, five times a second: a flood of messages must not delay scrapes. */
const eventBounds = { maxRecords: 2048, maxBytes: 512 << 10 };

export interface HostReader {
  readonly read: Read;
  /** Opens the kernel log with a position of its own; the caller closes it. */
  readonly openKernelLog: () => KernelLog;
  /** Closes open files and connections. Living children are left to the kernel. */
  readonly close: () => void;
}

/** Files in place of the kernel's: those of the demo. */
export interface Simulated {
  /** The folder that stands for `/`. */
  readonly root: string;
  /** How a record is read from its file in place of the kernel log. */
  readonly openRecords: () => NonNullable<KernelLogOptions['readRecord']>;
}

/** Reads this host, or a simulated one. */
export function openHost(
  env: Readonly<Record<string, string | undefined>>,
  simulated?: Simulated,
): HostReader {
  const root = simulated?.root ?? '';
  const openLog = (path: string, options: KernelLogOptions = {}): KernelLog =>
    new KernelLog(`${root}${path}`, {
      ...options,
      ...(simulated && { readRecord: simulated.openRecords() }),
    });
  const commandEnv = commandEnvironment(env);
  const engine = new EngineApi(env['DOCKER_HOST']);
  const logs = new Map<string, KernelLog>();
  const kernelLog = (path: string): KernelLog => {
    const log = logs.get(path) ?? openLog(path);
    logs.set(path, log);
    return log;
  };
  const read: Read = (input, _place, bounds) => {
    const { timeoutMs } = bounds;
    if ('command' in input) return runCommand(input.command, { ...bounds, maxBytes, env: commandEnv });
    if ('engine' in input) return engine.read(input, { ...bounds, maxBytes });
    if ('paths' in input) return bounded(readPaths(input.paths, { root }), timeoutMs);
    if ('process' in input)
      return bounded(readProcessStat(`${root}${input.process}`, `${root}/proc`), timeoutMs);
    return bounded(
      Promise.resolve().then(() => kernelLog(input.kernelLog).read()),
      timeoutMs,
    );
  };
  const close = (): void => {
    for (const log of logs.values()) log.close();
    engine.close();
  };
  return { read, close, openKernelLog: () => openLog(kernelLogDevice, eventBounds) };
}

/** A read of files within this process, with the same deadline as a command. */
function bounded(text: Promise<string>, timeoutMs: number): PendingRead {
  const takenAt = Date.now();
  const read = text.then(
    (stdout): ReadResult => ({ ok: true, output: { stdout, stderr: '', exitCode: 0, takenAt } }),
    (error: unknown): ReadResult => failure(reasonOf(error) ?? 'exited', messageOf(error)),
  );
  return { result: inTime(read, timeoutMs, 'no result'), exited: read.then(() => undefined) };
}
