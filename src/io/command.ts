import { execa } from 'execa';
import { onExit } from 'signal-exit';
import type { Output } from '../collectors/collector.ts';
import { startTimeout } from './awake-timeout.ts';
import { type Bounds, failure, type PendingRead, type ReadResult } from './read.ts';

export interface CommandBounds extends Bounds {
  readonly maxBytes: number;
  readonly env: Readonly<Record<string, string>>;
  /** What it reads from its standard input; absent: nothing. */
  readonly input?: string;
  /** Whatever it starts ends with it. */
  readonly endsDescendants?: true;
}

/** Time from SIGTERM to SIGKILL, and from a child's exit to the end of waiting for its pipes. */
const graceMs = 300;

/**
 * Runs one command without a shell. The result settles at the deadline at the latest, even if the child is in
 * uninterruptible sleep, where no signal reaches it, or a grandchild keeps its pipes open. `exited` settles when the child
 * has really exited, so that the caller does not start a second one before.
 */
export function runCommand(command: readonly [string, ...string[]], bounds: CommandBounds): PendingRead {
  const [file, ...args] = command;
  const child = start(file, args, bounds);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.then(() => resolve());
  });
  const kill = killerOf(child, bounds);
  endAlongWithUs(kill, exited);
  if (bounds.endsDescendants === true) void exited.then(() => kill('SIGKILL'));
  return { result: resultOf(child, kill, file, bounds), exited };
}

type Kill = (signal: 'SIGTERM' | 'SIGKILL') => void;

/** To its own group, where it has one: it also has the processes that its parent has forgotten. */
function killerOf(child: Child, { endsDescendants }: CommandBounds): Kill {
  const { pid } = child;
  if (endsDescendants !== true || pid === undefined) return (signal) => void child.kill(signal);
  return (signal) => {
    try {
      process.kill(-pid, signal);
    } catch {
      // All of it has ended.
    }
  };
}

const running = new Set<Kill>();
let isWatchingExit = false;

/**
 * Children are terminated when the exporter exits; one in uninterruptible sleep remains and is not awaited. execa's
 * `cleanup` does the same, but installs ten signal handlers per child: a quarter of the cost of starting one.
 */
function endAlongWithUs(kill: Kill, exited: Promise<void>): void {
  if (!isWatchingExit) onExit(endRunning);
  isWatchingExit = true;
  running.add(kill);
  void exited.then(() => running.delete(kill));
}

function endRunning(): void {
  for (const kill of running) kill('SIGTERM');
}

function start(file: string, args: readonly string[], { env, input, endsDescendants }: CommandBounds) {
  return execa(file, args, {
    buffer: false,
    reject: false,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
    detached: endsDescendants === true,
    env,
    extendEnv: false,
    cleanup: false,
  });
}

type Child = ReturnType<typeof start>;

function resultOf(child: Child, kill: Kill, file: string, bounds: CommandBounds): Promise<ReadResult> {
  const takenAt = Date.now();
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[], bytes: 0 };
  return new Promise((resolve) => {
    const timers: NodeJS.Timeout[] = [];
    let stopDeadline = (): void => {};
    let isSettled = false;
    const finish = (result: ReadResult): void => {
      if (isSettled) return;
      isSettled = true;
      for (const timer of timers) clearTimeout(timer);
      stopDeadline();
      child.stdout.destroy();
      child.stderr.destroy();
      resolve(result);
    };
    const end = (): void => {
      kill('SIGTERM');
      setTimeout(() => kill('SIGKILL'), graceMs).unref();
    };
    const abandon = (result: ReadResult, killGraceMs = 0): void => {
      if (killGraceMs === 0) end();
      else setTimeout(end, killGraceMs).unref();
      finish(result);
    };
    const collect = (name: 'stdout' | 'stderr') => (chunk: Buffer) => {
      chunks.bytes += chunk.length;
      if (chunks.bytes > bounds.maxBytes)
        abandon(failure('output-too-large', `more than ${bounds.maxBytes} bytes`));
      else chunks[name].push(chunk);
    };
    const complete = (): void => {
      if (child.pid !== undefined) finish({ ok: true, output: toOutput(child, chunks, takenAt) });
    };
    child.stdout.on('data', collect('stdout'));
    child.stderr.on('data', collect('stderr'));
    child.once('close', complete);
    // Only a child that never started has no number, and neither exit code nor signal.
    child.then(({ exitCode, signal, code }) => {
      if (exitCode === undefined && signal === undefined) finish(toFailure(code, file));
    });
    // A grandchild may keep the pipes open; the child's own output is in them when it exits. On a busy machine the grace
    // time may pass before they are read, and half an output is wrong: setImmediate runs after the next read.
    child.once('exit', () => timers.push(setTimeout(() => setImmediate(complete), graceMs)));
    stopDeadline = startTimeout(bounds.timeoutMs, () =>
      abandon(failure('timed-out', `no result within ${bounds.timeoutMs} ms`), bounds.killGraceMs),
    );
  });
}

function toOutput(
  child: Child,
  chunks: { stdout: readonly Buffer[]; stderr: readonly Buffer[] },
  takenAt: number,
): Output {
  return {
    stdout: Buffer.concat(chunks.stdout).toString('utf8'),
    stderr: Buffer.concat(chunks.stderr).toString('utf8').slice(-4096),
    // Killed by a signal from elsewhere: its output is not valid.
    exitCode: child.exitCode ?? 128,
    takenAt,
  };
}

function toFailure(code: string | undefined, file: string): ReadResult {
  if (code === 'ENOENT') return failure('not-installed', `${file} is not on the PATH`);
  if (code === 'EACCES' || code === 'EPERM')
    return failure('permission-denied', `no permission to run ${file}`);
  return failure('exited', `${file} could not be started: ${code ?? 'unknown error'}`);
}
