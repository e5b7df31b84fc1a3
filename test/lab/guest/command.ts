import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

export interface CommandOptions {
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** -1 if it did not end on its own: given up on, ended by a signal, or not found. */
  readonly exitCode: number;
  readonly ms: number;
  /** Why it has no exit code: the state letter of /proc/PID/stat at its deadline, the signal's or the error's name. */
  readonly lost?: string;
}

/**
 * Runs a program, never longer than its time. Output goes to files: a pipe would stay open for as long as a daemon
 * that the program started. A process in D state outlives its SIGKILL, so its end is not waited for.
 */
export function runCommand(argv: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  const folder = mkdtempSync('/tmp/lab-');
  const [stdout, stderr] = [path.join(folder, 'stdout'), path.join(folder, 'stderr')];
  const files = [openSync(stdout, 'w'), openSync(stderr, 'w')] as const;
  const startedAt = performance.now();
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    detached: true,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', ...files],
  });
  for (const file of files) closeSync(file);
  return new Promise((resolve) => {
    const settle = (exitCode: number, lost?: string) => {
      clearTimeout(deadline);
      const ms = Math.round(performance.now() - startedAt);
      const text = { stdout: readFileSync(stdout, 'utf8'), stderr: readFileSync(stderr, 'utf8') };
      rmSync(folder, { recursive: true, force: true });
      resolve({ ...text, exitCode, ms, ...(lost === undefined ? {} : { lost }) });
    };
    const deadline = setTimeout(() => {
      const state = processState(child.pid);
      if (child.pid !== undefined) killGroup(child.pid);
      // It may end later, when nothing waits for it any more.
      child.removeAllListeners('exit').unref();
      settle(-1, state);
    }, options.timeoutMs ?? 30_000);
    child.once('error', (error) => settle(-1, (error as NodeJS.ErrnoException).code ?? 'error'));
    child.once('exit', (code, signal) => settle(code ?? -1, signal ?? undefined));
  });
}

/** The state letter of a process: R, S, D, T, Z; empty where there is none. */
export function processState(pid: number | undefined): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything, closing parentheses and spaces too.
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  } catch {
    return '';
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended in the meantime.
  }
}
